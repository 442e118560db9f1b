"""Keep what a key was answered with, not only what it made: the same key is answered the same, whatever became of that.

Keys of customers, which hold for a day, are forgotten; those of grants stay.

Revision ID: 0008
Revises: 0007
"""

from alembic import op
from sqlalchemy import Column, String

from swath.store.types import Packed

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM answers WHERE key NOT LIKE 'grant %'")
    with op.batch_alter_table("answers") as answers:
        answers.add_column(Column("document", Packed))
        answers.drop_column("subject")
    op.create_index(op.f("ix_answers_created"), "answers", ["created"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_answers_created"), table_name="answers")
    op.execute("DELETE FROM answers WHERE key NOT LIKE 'grant %'")
    with op.batch_alter_table("answers") as answers:
        answers.add_column(Column("subject", String, nullable=False, server_default=""))
        answers.drop_column("document")
