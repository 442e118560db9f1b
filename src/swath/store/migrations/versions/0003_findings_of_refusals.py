"""What mission control may know of a refusal, beside the event that tells it."""

import sqlalchemy as sa
from alembic import op

from swath.store.types import Packed

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("findings", Packed(), nullable=True))


def downgrade() -> None:
    """What was found is lost; the events stay."""
    op.drop_column("events", "findings")
