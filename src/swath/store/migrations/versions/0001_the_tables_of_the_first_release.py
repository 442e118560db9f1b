"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from swath.store.spatial import rtree_sql
from swath.store.types import Json, Packed, Utc, Wkb

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SPATIAL = ("plans", "candidates", "requests", "items")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_accounts")),
        sa.UniqueConstraint("id", name=op.f("uq_accounts_id")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "due_work",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("done_at", Utc(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_due_work")),
        sa.UniqueConstraint("id", name=op.f("uq_due_work_id")),
    )
    op.create_index("ix_due_work_open", "due_work", ["done_at", "due_at"], unique=False)
    op.create_index(op.f("ix_due_work_subject"), "due_work", ["subject"], unique=False)
    op.create_table(
        "elements",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("satellite", sa.String(), nullable=False),
        sa.Column("norad_id", sa.Integer(), nullable=False),
        sa.Column("epoch", Utc(), nullable=False),
        sa.Column("omm", Json(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_elements")),
        sa.UniqueConstraint("norad_id", "epoch", name=op.f("uq_elements_norad_id_epoch")),
    )
    op.create_table(
        "acknowledgements",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("uplink_id", sa.String(), nullable=False),
        sa.Column("satellite", sa.String(), nullable=False),
        sa.Column("start", Utc(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("carried", Json(), nullable=False),
        sa.Column("lost", Json(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_acknowledgements")),
        sa.UniqueConstraint("uplink_id", name=op.f("uq_acknowledgements_uplink_id")),
    )
    op.create_index(op.f("ix_acknowledgements_start"), "acknowledgements", ["start"], unique=False)
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("before", Json(), nullable=True),
        sa.Column("after", Json(), nullable=False),
        sa.Column("reason", Json(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_subject"), "events", ["subject"], unique=False)
    op.create_table(
        "faults",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=True),
        sa.Column("created", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_faults")),
    )
    op.create_index(op.f("ix_faults_request_id"), "faults", ["request_id"], unique=False)
    op.create_table(
        "sandbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("now", Utc(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox")),
    )
    op.create_table(
        "schedules",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("cause", Json(), nullable=False),
        sa.Column("inputs", Packed(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_schedules")),
    )
    op.create_table(
        "answers",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_digest", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_answers_account_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answers")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_answers_account_id_key")),
    )
    op.create_table(
        "api_clients",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("revoked", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_clients_account_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_api_clients")),
        sa.UniqueConstraint("id", name=op.f("uq_api_clients_id")),
    )
    op.create_index(op.f("ix_api_clients_account_id"), "api_clients", ["account_id"], unique=False)
    op.create_table(
        "items",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("capture_id", sa.String(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("start", Utc(), nullable=False),
        sa.Column("end", Utc(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("constellation", sa.String(), nullable=True),
        sa.Column("cloud_cover", sa.Float(), nullable=True),
        sa.Column("off_nadir", sa.Float(), nullable=True),
        sa.Column("sun_elevation", sa.Float(), nullable=True),
        sa.Column("sun_azimuth", sa.Float(), nullable=True),
        sa.Column("gsd", sa.Float(), nullable=True),
        sa.Column("created", Utc(), nullable=True),
        sa.Column("document", Json(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_items_account_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_items")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
    )
    op.create_index("ix_items_account_start", "items", ["account_id", "start"], unique=False)
    op.create_index(op.f("ix_items_capture_id"), "items", ["capture_id"], unique=False)
    op.create_index(op.f("ix_items_collection"), "items", ["collection"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_ledger_account_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("request_id", "kind", name=op.f("uq_ledger_request_id_kind")),
    )
    op.create_index(op.f("ix_ledger_account_id"), "ledger", ["account_id"], unique=False)
    op.create_index(op.f("ix_ledger_request_id"), "ledger", ["request_id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("valid_start", Utc(), nullable=False),
        sa.Column("valid_end", Utc(), nullable=False),
        sa.Column("off_nadir_min", sa.Float(), nullable=False),
        sa.Column("off_nadir_max", sa.Float(), nullable=False),
        sa.Column("satellites", Json(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("reason", Json(), nullable=True),
        sa.Column("candidate_count", sa.Integer(), nullable=True),
        sa.Column("no_candidates", Json(), nullable=True),
        sa.Column("archived", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_plans_account_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_plans")),
        sa.UniqueConstraint("id", name=op.f("uq_plans_id")),
    )
    op.create_index("ix_plans_account_created", "plans", ["account_id", "created"], unique=False)
    op.create_index("ix_plans_status", "plans", ["status"], unique=False)
    op.create_table(
        "candidates",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("satellite", sa.String(), nullable=False),
        sa.Column("start", Utc(), nullable=False),
        sa.Column("end", Utc(), nullable=False),
        sa.Column("roll_deg", sa.Float(), nullable=False),
        sa.Column("pitch_deg", sa.Float(), nullable=False),
        sa.Column("off_nadir_deg", sa.Float(), nullable=False),
        sa.Column("uplink_by", Utc(), nullable=False),
        sa.Column("revolution", sa.Integer(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("coverage_percent", sa.Float(), nullable=False),
        sa.Column("expected_coverage_percent", sa.Float(), nullable=False),
        sa.Column("coverage_probability", sa.Float(), nullable=False),
        sa.Column("time_uncertainty_s", sa.Float(), nullable=False),
        sa.Column("view_azimuth_deg", sa.Float(), nullable=False),
        sa.Column("incidence_deg", sa.Float(), nullable=False),
        sa.Column("sun_elevation_deg", sa.Float(), nullable=False),
        sa.Column("sun_azimuth_deg", sa.Float(), nullable=False),
        sa.Column("gsd_m", sa.Float(), nullable=False),
        sa.Column("orbit_state", sa.String(), nullable=False),
        sa.Column("constellation", sa.String(), nullable=False),
        sa.Column("elements_epoch", Utc(), nullable=False),
        sa.Column("access_start", Utc(), nullable=False),
        sa.Column("access_end", Utc(), nullable=False),
        sa.Column("expected_delivery", Utc(), nullable=True),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("valid_until", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_candidates_account_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_candidates_plan_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_candidates")),
        sa.UniqueConstraint("id", name=op.f("uq_candidates_id")),
    )
    op.create_index("ix_candidates_plan_start", "candidates", ["plan_id", "start"], unique=False)
    op.create_index(
        "ix_candidates_account_start", "candidates", ["account_id", "start", "valid_until"], unique=False
    )
    op.create_table(
        "requests",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("candidate_id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created", Utc(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("valid_start", Utc(), nullable=False),
        sa.Column("valid_end", Utc(), nullable=False),
        sa.Column("off_nadir_min", sa.Float(), nullable=False),
        sa.Column("off_nadir_max", sa.Float(), nullable=False),
        sa.Column("satellites", Json(), nullable=False),
        sa.Column("chances", Json(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("flexible", sa.Boolean(), nullable=False),
        sa.Column("fresh", Json(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("reason", Json(), nullable=True),
        sa.Column("planned_start", Utc(), nullable=True),
        sa.Column("planned_end", Utc(), nullable=True),
        sa.Column("planned_satellite", sa.String(), nullable=True),
        sa.Column("cancel_until", Utc(), nullable=True),
        sa.Column("capture_id", sa.String(), nullable=True),
        sa.Column("expected_delivery", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_requests_account_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_requests_plan_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_requests")),
        sa.UniqueConstraint("id", name=op.f("uq_requests_id")),
    )
    op.create_index("ix_requests_account_candidate", "requests", ["account_id", "candidate_id"], unique=False)
    op.create_index("ix_requests_account_created", "requests", ["account_id", "created"], unique=False)
    op.create_index(op.f("ix_requests_plan_id"), "requests", ["plan_id"], unique=False)
    op.create_index(op.f("ix_requests_status"), "requests", ["status"], unique=False)
    op.create_table(
        "activities",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("chance", Json(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_version"], ["schedules.version"], name=op.f("fk_activities_from_version")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_activities_request_id")),
        sa.ForeignKeyConstraint(
            ["until_version"], ["schedules.version"], name=op.f("fk_activities_until_version")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activities")),
    )
    op.create_index(op.f("ix_activities_request_id"), "activities", ["request_id"], unique=False)
    op.create_index(op.f("ix_activities_until_version"), "activities", ["until_version"], unique=False)
    op.create_table(
        "captures",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("chance", Json(), nullable=False),
        sa.Column("geometry", Wkb(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("uplink_by", Utc(), nullable=False),
        sa.Column("commanded", Utc(), nullable=False),
        sa.Column("seen", Json(), nullable=False),
        sa.Column("reason", Json(), nullable=True),
        sa.Column("uplinked", Utc(), nullable=True),
        sa.Column("captured", Utc(), nullable=True),
        sa.Column("cloud_percent", sa.Float(), nullable=True),
        sa.Column("expected", Utc(), nullable=True),
        sa.Column("delivered", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_captures_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_captures_request_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_captures")),
        sa.UniqueConstraint("id", name=op.f("uq_captures_id")),
    )
    op.create_index(op.f("ix_captures_request_id"), "captures", ["request_id"], unique=False)
    op.create_index(op.f("ix_captures_status"), "captures", ["status"], unique=False)
    op.create_index(op.f("ix_captures_uplink_by"), "captures", ["uplink_by"], unique=False)
    for table in SPATIAL:
        op.execute(rtree_sql(table))


def downgrade() -> None:
    for table in SPATIAL:
        op.execute(f"DROP TABLE {table}_rtree")
    op.drop_index(op.f("ix_captures_uplink_by"), table_name="captures")
    op.drop_index(op.f("ix_captures_status"), table_name="captures")
    op.drop_index(op.f("ix_captures_request_id"), table_name="captures")
    op.drop_table("captures")
    op.drop_index(op.f("ix_activities_until_version"), table_name="activities")
    op.drop_index(op.f("ix_activities_request_id"), table_name="activities")
    op.drop_table("activities")
    op.drop_index(op.f("ix_requests_status"), table_name="requests")
    op.drop_index(op.f("ix_requests_plan_id"), table_name="requests")
    op.drop_index("ix_requests_account_created", table_name="requests")
    op.drop_index("ix_requests_account_candidate", table_name="requests")
    op.drop_table("requests")
    op.drop_index("ix_candidates_account_start", table_name="candidates")
    op.drop_index("ix_candidates_plan_start", table_name="candidates")
    op.drop_table("candidates")
    op.drop_index("ix_plans_status", table_name="plans")
    op.drop_index("ix_plans_account_created", table_name="plans")
    op.drop_table("plans")
    op.drop_index(op.f("ix_ledger_request_id"), table_name="ledger")
    op.drop_index(op.f("ix_ledger_account_id"), table_name="ledger")
    op.drop_table("ledger")
    op.drop_index(op.f("ix_items_collection"), table_name="items")
    op.drop_index(op.f("ix_items_capture_id"), table_name="items")
    op.drop_index("ix_items_account_start", table_name="items")
    op.drop_table("items")
    op.drop_index(op.f("ix_api_clients_account_id"), table_name="api_clients")
    op.drop_table("api_clients")
    op.drop_table("answers")
    op.drop_table("schedules")
    op.drop_table("sandbox")
    op.drop_index(op.f("ix_faults_request_id"), table_name="faults")
    op.drop_table("faults")
    op.drop_index(op.f("ix_events_subject"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_acknowledgements_start"), table_name="acknowledgements")
    op.drop_table("acknowledgements")
    op.drop_table("elements")
    op.drop_index(op.f("ix_due_work_subject"), table_name="due_work")
    op.drop_index("ix_due_work_open", table_name="due_work")
    op.drop_table("due_work")
    op.drop_table("accounts")
