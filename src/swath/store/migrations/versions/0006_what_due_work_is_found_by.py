"""Find the open work of a subject by an index of its own: that of all open work is longer the more there is.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_due_work_subject"), table_name="due_work")
    op.create_index(
        "ix_due_work_subject_open", "due_work", ["subject", "kind", "done_at", "due_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_due_work_subject_open", table_name="due_work")
    op.create_index(op.f("ix_due_work_subject"), "due_work", ["subject"], unique=False)
