"""Sum an account's credit from an index alone: it is asked for with every request, and its entries only grow.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_ledger_account_id"), table_name="ledger")
    op.create_index("ix_ledger_account_sums", "ledger", ["account_id", "kind", "amount"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_ledger_account_sums", table_name="ledger")
    op.create_index(op.f("ix_ledger_account_id"), "ledger", ["account_id"], unique=False)
