"""The tables of the first release."""

from warehouse.migrations.statements import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The statements beside this file."""
    run(__file__)
