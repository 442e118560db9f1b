"""Several secrets of a client, each with its end; tokens that were revoked."""

import sqlalchemy as sa
from alembic import op

from swath.store.types import Json, Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CLIENTS = sa.table(
    "api_clients",
    sa.column("seq", sa.Integer()),
    sa.column("secret_digest", sa.LargeBinary()),
    sa.column("secrets", Json()),
    sa.column("created", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "revoked_tokens",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ends", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_revoked_tokens")),
        sa.UniqueConstraint("id", name=op.f("uq_revoked_tokens_id")),
    )
    op.create_index(op.f("ix_revoked_tokens_ends"), "revoked_tokens", ["ends"], unique=False)
    op.add_column("api_clients", sa.Column("secrets", Json(), nullable=True))
    _keep_digests()
    with op.batch_alter_table("api_clients") as table:
        table.alter_column("secrets", existing_type=Json(), nullable=False)
        table.drop_column("secret_digest")


def downgrade() -> None:
    """Keeps the newest secret of each client; the others, and the list of revoked tokens, are lost."""
    op.add_column("api_clients", sa.Column("secret_digest", sa.LargeBinary(), nullable=True))
    _keep_newest()
    with op.batch_alter_table("api_clients") as table:
        table.alter_column("secret_digest", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("secrets")
    op.drop_table("revoked_tokens")


def _keep_digests() -> None:
    connection, c = op.get_bind(), CLIENTS.c
    for row in connection.execute(sa.select(c.seq, c.secret_digest, c.created)).all():
        secret = {"digest": row.secret_digest.hex(), "created": row.created, "ends": None}
        connection.execute(sa.update(CLIENTS).where(c.seq == row.seq).values(secrets=[secret]))


def _keep_newest() -> None:
    connection, c = op.get_bind(), CLIENTS.c
    for row in connection.execute(sa.select(c.seq, c.secrets)).all():
        digest = bytes.fromhex(row.secrets[-1]["digest"])
        connection.execute(sa.update(CLIENTS).where(c.seq == row.seq).values(secret_digest=digest))
