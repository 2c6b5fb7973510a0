"""Publications remembered."""

from warehouse.migrations.statements import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The statements beside this file."""
    run(__file__)
