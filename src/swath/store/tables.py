"""The tables, once, in SQLAlchemy Core. Most have `seq` (insertion order and R*Tree key) and a wire `id`.

Ledger entries and events are only ever added. So are schedule lines, each of which says from which version on it holds;
up to which is written beside it once it is replaced.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from swath.store.types import Json, Packed, Utc, Wkb

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _seq() -> Column[int]:
    return Column("seq", Integer, primary_key=True, autoincrement=True)


accounts = Table(
    "accounts",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("name", String, nullable=False, unique=True),
    Column("created", Utc, nullable=False),
)

api_clients = Table(
    "api_clients",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("secrets", Json, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created", Utc, nullable=False),
    Column("revoked", Utc),
)

# Access tokens that were revoked before their end, until then.
revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("ends", Utc, nullable=False, index=True),
)

ledger = Table(
    "ledger",
    metadata,
    _seq(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("request_id", String, index=True),
    Column("note", Text, nullable=False),
    # The database itself refuses a second hold, charge or release of one request.
    UniqueConstraint("request_id", "kind"),
)

# The sums of the ledger: asked for with each request, while its entries only grow.
balances = Table(
    "balances",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("amount", Integer, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("geometry", Wkb, nullable=False),
    Column("valid_start", Utc, nullable=False),
    Column("valid_end", Utc, nullable=False),
    Column("off_nadir_min", Float, nullable=False),
    Column("off_nadir_max", Float, nullable=False),
    Column("satellites", Json, nullable=False),
    Column("status", String, nullable=False),
    Column("created", Utc, nullable=False),
    Column("reason", Json),
    Column("candidate_count", Integer),
    Column("no_candidates", Json),
    Column("archived", Utc),
    Index("ix_plans_account_created", "account_id", "created"),
    Index("ix_plans_status", "status"),
)

candidates = Table(
    "candidates",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("satellite", String, nullable=False),
    Column("start", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("roll_deg", Float, nullable=False),
    Column("pitch_deg", Float, nullable=False),
    Column("off_nadir_deg", Float, nullable=False),
    Column("uplink_by", Utc, nullable=False),
    Column("revolution", Integer, nullable=False),
    Column("geometry", Wkb, nullable=False),
    Column("coverage_percent", Float, nullable=False),
    Column("expected_coverage_percent", Float, nullable=False),
    Column("coverage_probability", Float, nullable=False),
    Column("time_uncertainty_s", Float, nullable=False),
    Column("view_azimuth_deg", Float, nullable=False),
    Column("incidence_deg", Float, nullable=False),
    Column("sun_elevation_deg", Float, nullable=False),
    Column("sun_azimuth_deg", Float, nullable=False),
    Column("gsd_m", Float, nullable=False),
    Column("orbit_state", String, nullable=False),
    Column("constellation", String, nullable=False),
    Column("elements_epoch", Utc, nullable=False),
    Column("access_start", Utc, nullable=False),
    Column("access_end", Utc, nullable=False),
    Column("expected_delivery", Utc),
    Column("created", Utc, nullable=False),
    Column("valid_until", Utc, nullable=False),
    Index("ix_candidates_plan_start", "plan_id", "start"),
    # In the order of lists, with what they are narrowed by most: rows that are counted or skipped are not looked at.
    Index(
        "ix_candidates_account_start",
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
)

requests = Table(
    "requests",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("candidate_id", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("priority", String, nullable=False),
    Column("status", String, nullable=False, index=True),
    Column("created", Utc, nullable=False),
    Column("geometry", Wkb, nullable=False),
    Column("valid_start", Utc, nullable=False),
    Column("valid_end", Utc, nullable=False),
    Column("off_nadir_min", Float, nullable=False),
    Column("off_nadir_max", Float, nullable=False),
    Column("satellites", Json, nullable=False),
    Column("chances", Json, nullable=False),
    Column("cost", Integer, nullable=False),
    Column("flexible", Boolean, nullable=False),
    Column("fresh", Json),
    Column("final", Boolean, nullable=False, index=True),
    Column("reason", Json),
    Column("planned_start", Utc),
    Column("planned_end", Utc),
    Column("planned_satellite", String),
    Column("cancel_until", Utc),
    Column("capture_id", String),
    Column("expected_delivery", Utc),
    Index("ix_requests_account_created", "account_id", "created"),
    Index("ix_requests_account_candidate", "account_id", "candidate_id"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created", Utc, nullable=False),
    Column("cause", Json, nullable=False),
    Column("inputs", Packed),
)

activities = Table(
    "activities",
    metadata,
    _seq(),
    Column("request_id", ForeignKey("requests.id"), nullable=False, index=True),
    Column("priority", String, nullable=False),
    Column("chance", Json, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("from_version", ForeignKey("schedules.version"), nullable=False),
    Column("until_version", ForeignKey("schedules.version"), index=True),
)

captures = Table(
    "captures",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("request_id", ForeignKey("requests.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("chance", Json, nullable=False),
    Column("geometry", Wkb, nullable=False),
    Column("status", String, nullable=False),
    Column("uplink_by", Utc, nullable=False, index=True),
    Column("ends", Utc),
    Column("commanded", Utc, nullable=False),
    Column("seen", Json, nullable=False),
    Column("reason", Json),
    Column("uplinked", Utc),
    Column("captured", Utc),
    Column("cloud_percent", Float),
    Column("expected", Utc),
    Column("delivered", Utc),
    Index("ix_captures_status_ends", "status", "ends"),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    _seq(),
    Column("uplink_id", String, nullable=False, unique=True),
    Column("satellite", String, nullable=False),
    Column("start", Utc, nullable=False, index=True),
    Column("outcome", String, nullable=False),
    Column("carried", Json, nullable=False),
    Column("lost", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("message", Text, nullable=False),
)

events = Table(
    "events",
    metadata,
    _seq(),
    Column("subject", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("at", Utc, nullable=False),
    Column("before", Json),
    Column("after", Json, nullable=False),
    Column("reason", Json, nullable=False),
    Column("findings", Packed),
)

elements = Table(
    "elements",
    metadata,
    _seq(),
    Column("satellite", String, nullable=False),
    Column("norad_id", Integer, nullable=False),
    Column("epoch", Utc, nullable=False),
    Column("omm", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported", Utc, nullable=False),
    UniqueConstraint("norad_id", "epoch"),
)

items = Table(
    "items",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("collection", String, nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("capture_id", String, nullable=False, index=True),
    Column("geometry", Wkb, nullable=False),
    Column("start", Utc, nullable=False),
    Column("end", Utc, nullable=False),
    Column("platform", String),
    Column("constellation", String),
    Column("cloud_cover", Float),
    Column("off_nadir", Float),
    Column("sun_elevation", Float),
    Column("sun_azimuth", Float),
    Column("gsd", Float),
    Column("created", Utc),
    # Last, so that what lists are narrowed by is read without it.
    Column("document", Json, nullable=False),
    # As for candidates; a row with its document is thirty times as long.
    Index(
        "ix_items_account_start",
        "account_id",
        "start",
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
)

due_work = Table(
    "due_work",
    metadata,
    _seq(),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("done_at", Utc),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Index("ix_due_work_open", "done_at", "due_at"),
    Index("ix_due_work_subject_open", "subject", "kind", "done_at", "due_at"),
)

answers = Table(
    "answers",
    metadata,
    _seq(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("body_digest", String, nullable=False),
    Column("document", Packed),
    Column("created", Utc, nullable=False, index=True),
    UniqueConstraint("account_id", "key"),
)

sandbox = Table(
    "sandbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("now", Utc, nullable=False),
    Column("rate", Float, nullable=False),
)

faults = Table(
    "faults",
    metadata,
    _seq(),
    Column("request_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("hours", Float),
    Column("created", Utc, nullable=False),
)

# Tables with an R*Tree companion (`swath.store.spatial`).
SPATIAL = ("plans", "candidates", "requests", "items")
