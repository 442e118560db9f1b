"""What a shot's coverage is worth: how wrong its elements may be by then, and what of the area is lost for it."""

from math import hypot, radians, tan

import numpy as np

from swath.access.arc import Arc
from swath.access.look import Floats
from swath.access.pointing import EARTH_RADIUS_M
from swath.geo.ellipsoid import geodetic_to_ecef
from swath.orbit.earth import EARTH_RATE_RAD_S
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S
from swath.orbit.quality import position_sigma_m, time_uncertainty_s
from swath.planning.boxes import compute_area_in_boxes
from swath.planning.confidence import Confidence, CoverageAt, Doubt, compute_confidence
from swath.planning.shots import Shot
from swath.planning.sweep import Sweep, compute_across


def compute_late_s(arc: Arc, elements: Elements) -> float:
    """One sigma of how late or early the satellite comes at the middle of an arc, in seconds."""
    return float(time_uncertainty_s(_age_days(arc, elements), arc.speed_ms))


def judge_shot(shot: Shot, sweep: Sweep, elements: Elements) -> Confidence:
    """How sure a shot's coverage of the swept area is on these elements; coverage is a share, 0 to 1."""
    return compute_confidence(cover_shot(shot, sweep), build_doubt(shot, elements))


def build_doubt(shot: Shot, elements: Elements) -> Doubt:
    sigma = position_sigma_m(_age_days(shot.arc, elements))
    # Seen sideways, an error of the height is an error aside.
    aside = hypot(float(sigma.cross_m), float(sigma.radial_m) * tan(radians(shot.strip.roll_deg)))
    return Doubt(compute_late_s(shot.arc, elements), aside, _drift_ms(shot))


def _drift_ms(shot: Shot) -> float:
    """How fast the Earth turns below to the left of the track; that along the track is a hundredth of the speed."""
    turning = np.cross([0.0, 0.0, EARTH_RATE_RAD_S], geodetic_to_ecef(*shot.centre))
    to_the_right = shot.arc.frames(shot.strip.middle_s - shot.arc.middle_s).y[0]
    return -float(turning @ to_the_right)


def cover_shot(shot: Shot, sweep: Sweep) -> CoverageAt:
    """The share of the area that a shot covers, by how late and how far aside its satellite is.

    A satellite that is late takes, from start to end, what it would have taken so much earlier.
    """
    strip, ratio = shot.strip, sweep.radius_ratio
    start, end = strip.start_s - shot.arc.middle_s, strip.end_s - shot.arc.middle_s
    rolls = strip.roll_deg + shot.half_fov_deg * np.array([-1.0, 1.0])
    left, right = compute_across(rolls, strip.pitch_deg, ratio)
    moment = sweep.tau_s[sweep.edges]
    across = compute_across(sweep.roll_deg, sweep.pitch_deg, ratio)[sweep.edges]
    whole = compute_area_in_boxes(moment, across, *_everything())[0]

    def cover(late_s: Floats, aside_m: Floats) -> Floats:
        aside = aside_m / EARTH_RADIUS_M
        boxes = (start - late_s, left + aside), (end - late_s, right + aside)
        return compute_area_in_boxes(moment, across, *boxes) / whole

    return cover


def _everything() -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """A box around all strip coordinates there are."""
    far = np.array([1e4])
    return (-far, -far), (far, far)


def _age_days(arc: Arc, elements: Elements) -> float:
    return (arc.middle_s - elements.epoch_s) / DAY_S
