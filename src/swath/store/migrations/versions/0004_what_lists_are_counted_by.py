"""Indexes in the order of lists that hold what these are narrowed by: rows counted or skipped need not be read."""

from collections.abc import Mapping, Sequence

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = {
    "candidates": ("account_id", "start", "valid_until"),
    "items": ("account_id", "start"),
}
AFTER = {
    "candidates": (
        "account_id",
        "start",
        "seq",
        "valid_until",
        "end",
        "satellite",
        "off_nadir_deg",
        "coverage_percent",
        "sun_elevation_deg",
    ),
    "items": (
        *BEFORE["items"],
        "seq",
        "end",
        "collection",
        "platform",
        "cloud_cover",
        "gsd",
        "off_nadir",
        "sun_elevation",
        "sun_azimuth",
    ),
}


def upgrade() -> None:
    _index(AFTER)


def downgrade() -> None:
    _index(BEFORE)


def _index(columns: Mapping[str, Sequence[str]]) -> None:
    for table, held in columns.items():
        name = op.f(f"ix_{table}_account_start")
        op.drop_index(name, table_name=table)
        op.create_index(name, table, list(held), unique=False)
