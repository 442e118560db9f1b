"""A closed form of an orbit for some days: how its plane turns and how the satellite runs in it.

The plane's normal turns evenly around the Earth's axis at a fixed declination. In the plane the angle from the
ascending node, u, follows from a mean longitude that is a quadratic in time (drag makes it one) and the equation of the
centre. Both are fitted to SGP4 itself at some tens of moments, and what the fit leaves is measured there: it becomes
the margin of whoever searches with it, so that a poor fit costs time and never an access.
"""

from dataclasses import dataclass, fields
from math import ceil, floor, log, sqrt

import numpy as np
from numpy.typing import NDArray

from swath.compiled import kernel
from swath.geo.kernels import cross
from swath.orbit.earth import SIDEREAL_RATE_RAD_S, gmst_at
from swath.orbit.mean import DAY_S, MINUTE_S, Elements
from swath.orbit.propagate import Propagator

Floats = NDArray[np.float64]

# Moments that are a power of the golden ratio of revolutions apart meet the orbit at ever new phases.
GOLDEN = (1 + sqrt(5)) / 2
FEWEST_MOMENTS = 24
# What is left at the moments looked at is nearly the largest there is; the rest is covered by these.
MARGIN_FACTOR = 1.5
LEAST_MARGIN_RAD = 2e-5
# A fit that is worse than this is of no use: the plane or the phase runs in some other way.
WORST_PLANE_RAD = 0.02
WORST_PHASE_RAD = 0.3
# A slower satellite no longer flies by while the ground stands nearly still.
LEAST_TURNS_A_DAY = 6.0
# Above this the equation of the centre needs more terms than it has.
LARGEST_ECCENTRICITY = 0.2
# Closer to the equator's plane than this the node is no direction to count from.
LEAST_TILT_RAD = np.radians(0.5)


@dataclass(frozen=True)
class OrbitFit:
    """An orbit between two times, angles in radians and times in seconds from `middle_s` (POSIX).

    `normal_lon` is the longitude of the plane's normal in ITRF (but for polar motion), which falls by `normal_rate`;
    `tilt` is the normal's declination. `longitude`, its rate and its half acceleration give the mean longitude: the
    angle from the ascending node at which the satellite would be if it ran evenly. `perigee` and its rate tell where
    the perigee stands in the plane. `plane_margin` and `phase_margin` bound what the fit leaves.
    """

    middle_s: float
    normal_lon: float
    normal_rate: float
    tilt: float
    longitude: float
    longitude_rate: float
    longitude_bend: float
    perigee: float
    perigee_rate: float
    eccentricity: float
    plane_margin: float
    phase_margin: float
    apogee_m: float

    @property
    def is_usable(self) -> bool:
        """Whether a search may trust it: a low orbit, not along the equator, and small margins."""
        return (
            self.longitude_rate > LEAST_TURNS_A_DAY * SIDEREAL_RATE_RAD_S
            and abs(self.tilt) < np.pi / 2 - LEAST_TILT_RAD
            and self.eccentricity <= LARGEST_ECCENTRICITY
            and self.plane_margin <= WORST_PLANE_RAD
            and self.phase_margin <= WORST_PHASE_RAD
        )

    @property
    def period_s(self) -> float:
        """From one ascending node to the next."""
        return 2 * np.pi / self.longitude_rate

    def mean_longitude(self, t_s: Floats) -> Floats:
        """How far the satellite has run evenly, whole turns included, at POSIX times (N,), as the fit has it."""
        tau_s = t_s - self.middle_s
        return self.longitude + tau_s * (self.longitude_rate + tau_s * self.longitude_bend)

    def mean_longitude_at(self, u: float, t_s: float) -> float:
        """The mean longitude of a satellite that stands at an angle u from the ascending node at a POSIX time."""
        perigee = self.perigee + self.perigee_rate * (t_s - self.middle_s)
        return perigee + mean_anomaly(u - perigee, self.eccentricity)

    @property
    def packed(self) -> Floats:
        """The eleven figures from `normal_lon` to `phase_margin`, for kernels."""
        return np.array([getattr(self, field.name) for field in fields(self)[1:-1]])


def fit_orbit(propagator: Propagator, start_s: float, end_s: float) -> OrbitFit:
    """The fit between two POSIX times, meant for three weeks at most. Raises PropagationFailed.

    It is made for any orbit; `is_usable` tells whether it is worth anything.
    """
    model, elements = propagator.model, propagator.elements
    middle_s = (start_s + end_s) / 2
    tau_s = _choose_moments(end_s - start_s, period_s(elements))
    r_km, v_kms = propagator.compute_teme(middle_s + tau_s)
    perigee_rate = model.argpdot / MINUTE_S
    perigee = model.argpo + perigee_rate * (middle_s - elements.epoch_s)
    normal_lon, normal_rate, tilt, longitude, rate, bend, plane_worst, phase_worst, apogee_km = fit_moments(
        tau_s, r_km, v_kms, model.ecco, perigee, perigee_rate, model.mdot / MINUTE_S
    )
    return OrbitFit(
        middle_s=middle_s,
        normal_lon=normal_lon - gmst_at(middle_s),
        normal_rate=normal_rate - SIDEREAL_RATE_RAD_S,
        tilt=tilt,
        longitude=longitude,
        longitude_rate=rate,
        longitude_bend=bend,
        perigee=perigee,
        perigee_rate=perigee_rate,
        eccentricity=model.ecco,
        plane_margin=MARGIN_FACTOR * plane_worst + LEAST_MARGIN_RAD,
        phase_margin=MARGIN_FACTOR * phase_worst + LEAST_MARGIN_RAD,
        apogee_m=apogee_km * 1e3,
    )


def _choose_moments(range_s: float, period_s: float) -> Floats:
    """Even times around zero that reach over the range; at least a day, or a slope would be hard to see."""
    power = max(-1, floor(log(range_s / period_s / FEWEST_MOMENTS, GOLDEN)))
    step_s = period_s * GOLDEN**power
    count = max(FEWEST_MOMENTS, ceil(range_s / step_s) + 1)
    return np.asarray(step_s * (np.arange(count) - (count - 1) / 2), np.float64)


def period_s(elements: Elements) -> float:
    """The period of the mean motion in seconds; from node to node it is a few seconds different."""
    return DAY_S / elements.mean_motion


@kernel
def fit_moments(
    tau_s: Floats,
    r: Floats,
    v: Floats,
    eccentricity: float,
    perigee: float,
    perigee_rate: float,
    mean_rate: float,
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """The plane's longitude, rate and tilt, the mean longitude's three coefficients, and what is left of both.

    From positions and velocities (N, 3) in TEME at even times (N,) around zero. Last comes the apogee's distance.
    """
    normal_lon, tilt, longitude = np.empty(len(tau_s)), np.empty(len(tau_s)), np.empty(len(tau_s))
    step_s = tau_s[1] - tau_s[0]
    parameter = 0.0
    for i in range(len(tau_s)):
        h = cross((r[i, 0], r[i, 1], r[i, 2]), (v[i, 0], v[i, 1], v[i, 2]))
        across = np.hypot(h[0], h[1])
        node = (-h[1] / across, h[0] / across)
        size = np.sqrt(across**2 + h[2] ** 2)
        ahead = (-h[2] * node[1] / size, h[2] * node[0] / size, across / size)
        u = np.arctan2(
            r[i, 0] * ahead[0] + r[i, 1] * ahead[1] + r[i, 2] * ahead[2],
            r[i, 0] * node[0] + r[i, 1] * node[1],
        )
        at_perigee = perigee + perigee_rate * tau_s[i]
        tilt[i], normal_lon[i] = np.arctan2(h[2], across), np.arctan2(h[1], h[0])
        longitude[i] = at_perigee + mean_anomaly(u - at_perigee, eccentricity)
        if i:
            normal_lon[i] = _near(normal_lon[i], normal_lon[i - 1])
            longitude[i] = _near(longitude[i], longitude[i - 1] + (mean_rate + perigee_rate) * step_s)
        radius = np.sqrt(r[i, 0] ** 2 + r[i, 1] ** 2 + r[i, 2] ** 2)
        parameter = max(parameter, radius * (1 + eccentricity * np.cos(u - at_perigee)))
    plane, plane_rate, _, plane_worst = _fit_line(tau_s, normal_lon, 0.0)
    lean = tilt.mean()
    worst = np.hypot(plane_worst * np.cos(lean), np.abs(tilt - lean).max())
    middle, rate, bend, phase_worst = _fit_line(tau_s, longitude, 1.0)
    return plane, plane_rate, lean, middle, rate, bend, worst, phase_worst, parameter / (1 - eccentricity)


@kernel
def mean_anomaly(true: float, eccentricity: float) -> float:
    """The equation of the centre to the third power of the eccentricity (radians)."""
    e, sin, cos = eccentricity, np.sin(true), np.cos(true)
    return true - e * sin * (2 - (1.5 + 0.25 * e * e) * e * cos + e * e / 3 * (3 - 4 * sin * sin))


@kernel
def _fit_line(tau: Floats, y: Floats, bent: float) -> tuple[float, float, float, float]:
    """Value at zero, slope, half the second derivative (none unless `bent` is 1), and the largest deviation."""
    n, s2, s4 = float(len(tau)), (tau**2).sum(), (tau**4).sum()
    slope, mean, moment = (tau * y).sum() / s2, y.sum() / n, (tau**2 * y).sum()
    bend = bent * (moment - s2 * mean) / (s4 - s2 * s2 / n)
    middle = mean - bend * s2 / n
    return middle, slope, bend, np.abs(y - middle - slope * tau - bend * tau**2).max()


@kernel
def _near(angle: float, expected: float) -> float:
    """The same direction, in the turn closest to the expected one."""
    return angle - 2 * np.pi * np.round((angle - expected) / (2 * np.pi))
