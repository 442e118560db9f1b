"""What can be set from outside: small, typed, built once by whoever starts swath, never at import."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DEFAULT_AUDIENCE = "https://swath.local/api"
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Limits:
    """Rules of the house, with the defaults that the public description documents (API.md section 3)."""

    max_extent_km: float = 250.0
    max_vertices: int = 1_000
    max_toi: timedelta = timedelta(days=14)
    horizon: timedelta = timedelta(days=30)
    max_name: int = 200
    candidate_life: timedelta = timedelta(hours=24)
    max_elements_age: timedelta = timedelta(days=14)
    idempotency: timedelta = timedelta(hours=24)
    max_body_bytes: int = 1 << 20
    max_scene_bytes: int = 256 << 20


@dataclass(frozen=True)
class PageLimits:
    """The greatest `limit` of each list; the documented ones are the defaults."""

    satellites: int = 20
    tracks: int = 20
    plans: int = 20
    candidates: int = 100
    requests: int = 20

    @classmethod
    def same(cls, limit: int) -> "PageLimits":
        """One greatest `limit` for all lists."""
        return cls(limit, limit, limit, limit, limit)


@dataclass(frozen=True)
class Prices:
    """Credits a request costs, by priority."""

    emergency: int = 3
    normal: int = 1
    wishlist: int = 1


# The last planning before commands freeze: late enough for wishes, early enough to be done by then.
LAST_PLANNING = timedelta(minutes=10)


@dataclass(frozen=True)
class Notices:
    """How long before its commands freeze a request is promised its capture, by priority; None is at once.

    EMERGENCY always is at once. Raises ValueError for a notice that the last planning could not keep.
    """

    normal: timedelta | None = None
    wishlist: timedelta = LAST_PLANNING

    def __post_init__(self) -> None:
        shortest = min(notice for notice in (self.normal, self.wishlist) if notice is not None)
        if shortest < LAST_PLANNING:
            raise ValueError(f"The shortest notice is {LAST_PLANNING}; found {shortest}.")


@dataclass(frozen=True)
class Settings:
    """Everything one process needs to know before it starts.

    `public_url` is the address that links carry; None takes it from each call. `proxies` are the addresses whose
    X-Forwarded headers are believed. `open_reference` lets satellites and ground tracks be read without a token.
    `sandbox_start` is where a new sandbox's time begins; None takes the newest epoch of the bundled elements.
    """

    data: Path
    database_url: str | None = None
    sandbox: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    proxies: tuple[str, ...] = LOOPBACK
    audience: str = DEFAULT_AUDIENCE
    token_life: timedelta = timedelta(hours=24)
    open_reference: bool = True
    fleet_file: Path | None = None
    sandbox_start: datetime | None = None
    track_horizon: timedelta = timedelta(days=7)
    limits: Limits = Limits()
    prices: Prices = Prices()
    notices: Notices = Notices()
    page_limits: PageLimits = PageLimits()

    @property
    def issuer(self) -> str:
        """Who issues tokens: the public address, as RFC 8414 section 3.3 wants it, or a name that nobody else has."""
        return self.public_url.rstrip("/") if self.public_url else "https://swath.local/"

    @property
    def url(self) -> str:
        """The database: as given, or one SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.database}"

    @property
    def kept_fleet(self) -> Path:
        """The file that is the fleet where no other is given; a folder without it has the bundled one."""
        return self.data / "fleet.toml"

    @property
    def jobs_database(self) -> Path:
        """The file that the job runner keeps its runs in where no database is given; there since a server began."""
        return self.data / "jobs.db"

    @property
    def database(self) -> Path:
        """The file that is the database where no other is given."""
        return self.data / "swath.db"
