"""Find open work of a subject, and requests that are not over, by indexes of their own: those of all grow for ever.

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
    op.create_index(op.f("ix_requests_final"), "requests", ["final"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_requests_final"), table_name="requests")
    op.drop_index("ix_due_work_subject_open", table_name="due_work")
    op.create_index(op.f("ix_due_work_subject"), "due_work", ["subject"], unique=False)
