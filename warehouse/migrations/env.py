"""Alembic's entry: runs the revisions on the connection that `warehouse.migrations` hands over."""

from alembic import context

from warehouse.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    version_table_schema="bookkeeping",
)
context.run_migrations()
