"""Mean orbital elements of one satellite at one epoch, as OMM and TLE carry them, and the SGP4 model made from them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite, pi, radians

from sgp4.api import SGP4_ERRORS, WGS72, Satrec

from swath.errors import Malformed

# The first satellite, and a day that no element set of today can honestly reach.
EARLIEST_EPOCH = datetime(1957, 10, 4, tzinfo=UTC)
LATEST_EPOCH = datetime(2100, 1, 1, tzinfo=UTC)
LARGEST_NORAD_ID = 999_999_999
# Above this an orbit of the Earth would lie below the ground.
LARGEST_MEAN_MOTION = 18.0

UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNIX_EPOCH_JD = 2_440_587.5
# SGP4 counts its epoch in days from 1949-12-31T00:00.
SGP4_EPOCH = datetime(1949, 12, 31, tzinfo=UTC)
DAY_S = 86_400.0
MINUTE_S = 60.0
MINUTES_A_DAY = 1_440.0


@dataclass(frozen=True)
class Elements:
    """One element set: SGP4 mean elements in TEME, angles in degrees, mean motion in revolutions a day.

    Every value can be true and SGP4 starts with them: making others raises Malformed, which tells the element, its
    value and what is allowed.
    `epoch` is aware UTC; microseconds hold all eight decimals of a TLE's day and all six of an OMM's second.
    `mean_motion_dot` and `mean_motion_ddot` are the numbers of the TLE (half and a sixth of the derivatives).
    `designator` is international, as `2018-111Q`; name and designator may be empty. `rev_at_epoch` is the number of the
    revolution at epoch, in TLEs modulo 100,000.
    """

    name: str
    norad_id: int
    designator: str
    epoch: datetime
    mean_motion: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    arg_perigee_deg: float
    mean_anomaly_deg: float
    bstar: float
    mean_motion_dot: float = 0.0
    mean_motion_ddot: float = 0.0
    rev_at_epoch: int = 0
    element_set_no: int = 999
    ephemeris_type: int = 0
    classification: str = "U"

    def __post_init__(self) -> None:
        _check_identity(self)
        _check_ranges(self)
        satrec(self)

    @property
    def label(self) -> str:
        """What to call the satellite: its name, or its catalogue number where the set has no name."""
        return self.name or str(self.norad_id)

    @property
    def epoch_s(self) -> float:
        """The epoch in POSIX seconds UTC."""
        return self.epoch.timestamp()

    @property
    def epoch_jd(self) -> tuple[float, float]:
        """The epoch as a UTC Julian date: midnight (ends in .5), and the part of the day since, exact to 1e-16."""
        since = self.epoch - UNIX_EPOCH
        return UNIX_EPOCH_JD + since.days, (since.seconds + since.microseconds * 1e-6) / DAY_S


def satrec(elements: Elements) -> Satrec:
    """A fresh SGP4 model with the WGS72 constants to which element sets are fitted.

    Not shared: a Satrec keeps scratch values while it propagates. Raises Malformed when SGP4 refuses the elements;
    those that have been made it takes.
    """
    model = Satrec()
    days = (elements.epoch - SGP4_EPOCH).days
    since_midnight = elements.epoch_jd[1]
    model.sgp4init(
        WGS72,
        "i",
        elements.norad_id % 100_000,
        days + since_midnight,
        elements.bstar,
        elements.mean_motion_dot * 2 * pi / MINUTES_A_DAY**2,
        elements.mean_motion_ddot * 2 * pi / MINUTES_A_DAY**3,
        elements.eccentricity,
        radians(elements.arg_perigee_deg),
        radians(elements.inclination_deg),
        radians(elements.mean_anomaly_deg),
        elements.mean_motion * 2 * pi / MINUTES_A_DAY,
        radians(elements.raan_deg),
    )
    if model.error:
        raise Malformed(f"SGP4 refuses the elements of {elements.label}: {SGP4_ERRORS[model.error]}")
    return model


def _check_identity(elements: Elements) -> None:
    if not 1 <= elements.norad_id <= LARGEST_NORAD_ID:
        raise Malformed(f"catalogue number is {elements.norad_id}; it takes 1 to {LARGEST_NORAD_ID}")
    if not EARLIEST_EPOCH <= elements.epoch < LATEST_EPOCH:
        raise Malformed(
            f"epoch {elements.epoch.isoformat()} is not plausible; "
            f"it takes {EARLIEST_EPOCH.date()} to {LATEST_EPOCH.date()}"
        )
    if elements.ephemeris_type == 4:
        raise Malformed("ephemeris type is 4 (SGP4-XP); swath propagates SGP4 element sets only (type 0)")


def _check_ranges(elements: Elements) -> None:
    _check(
        elements.mean_motion,
        "mean motion",
        0 < elements.mean_motion < LARGEST_MEAN_MOTION,
        "above 0, below 18",
    )
    _check(elements.eccentricity, "eccentricity", 0 <= elements.eccentricity < 1, "0 to below 1")
    _check(elements.inclination_deg, "inclination", 0 <= elements.inclination_deg <= 180, "0 to 180 degrees")
    for name, value in (
        ("right ascension of the node", elements.raan_deg),
        ("argument of perigee", elements.arg_perigee_deg),
        ("mean anomaly", elements.mean_anomaly_deg),
    ):
        _check(value, name, -360 <= value <= 360, "0 to 360 degrees")
    for name, value in (
        ("B*", elements.bstar),
        ("first derivative of the mean motion", elements.mean_motion_dot),
        ("second derivative of the mean motion", elements.mean_motion_ddot),
    ):
        _check(value, name, abs(value) < 10, "a small number, below 10")


def _check(value: float, name: str, in_range: bool, allowed: str) -> None:
    if not isfinite(value) or not in_range:
        raise Malformed(f"{name} is {value:g}; it takes {allowed}")
