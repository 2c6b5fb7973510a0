"""Everything else of this release."""

from warehouse.migrations.statements import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The statements beside this file."""
    run(__file__)
