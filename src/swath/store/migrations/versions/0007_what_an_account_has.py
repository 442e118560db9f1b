"""Keep the sums of the ledger: they are asked for with every request, and entries only grow.

Revision ID: 0007
Revises: 0006
"""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, String

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "balances",
        Column("account_id", String, ForeignKey("accounts.id"), primary_key=True),
        Column("kind", String, primary_key=True),
        Column("amount", Integer, nullable=False),
    )
    op.execute(
        "INSERT INTO balances (account_id, kind, amount)"
        " SELECT account_id, kind, SUM(amount) FROM ledger GROUP BY account_id, kind"
    )
    op.drop_index("ix_ledger_account_sums", table_name="ledger")
    op.create_index(op.f("ix_ledger_account_id"), "ledger", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_account_id"), table_name="ledger")
    op.create_index("ix_ledger_account_sums", "ledger", ["account_id", "kind", "amount"], unique=False)
    op.drop_table("balances")
