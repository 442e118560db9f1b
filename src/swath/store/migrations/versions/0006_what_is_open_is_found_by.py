"""Find what is open by indexes of its own, for those of all there ever was grow: due work, requests, captures.

Captures are found by when they end, which was told by their chance alone.

Revision ID: 0006
Revises: 0005
"""

from alembic import op
from sqlalchemy import Column, String

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_due_work_subject"), table_name="due_work")
    op.create_index(
        "ix_due_work_subject_open", "due_work", ["subject", "kind", "done_at", "due_at"], unique=False
    )
    op.create_index(op.f("ix_requests_final"), "requests", ["final"], unique=False)
    op.add_column("captures", Column("ends", String(27)))
    # Times of chances are good to the millisecond.
    op.execute(
        "UPDATE captures SET ends = strftime('%Y-%m-%dT%H:%M:%f', json_extract(chance, '$.end')) || '000Z'"
    )
    op.drop_index(op.f("ix_captures_status"), table_name="captures")
    op.create_index("ix_captures_status_ends", "captures", ["status", "ends"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_captures_status_ends", table_name="captures")
    op.create_index(op.f("ix_captures_status"), "captures", ["status"], unique=False)
    op.drop_column("captures", "ends")
    op.drop_index(op.f("ix_requests_final"), table_name="requests")
    op.drop_index("ix_due_work_subject_open", table_name="due_work")
    op.create_index(op.f("ix_due_work_subject"), "due_work", ["subject"], unique=False)
