"""How wrong element sets become with age: `python scripts/learn_element_quality.py HISTORY [CHECK ...]`.

HISTORY holds successive element sets of some satellites; each is predicted to the moments of all later ones and
compared with these in the orbit's own axes. Prints docs/reference/element-quality.md: what was seen, the constants of
`swath.orbit.quality`, and how often errors are as large as these say, on satellites and weeks that were left out and
on the satellites of the CHECK files.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from swath.orbit.earth import EARTH_RATE_RAD_S
from swath.orbit.elements import Elements, parse_elements
from swath.orbit.mean import DAY_S
from swath.orbit.propagate import States, compute_states

Floats = NDArray[np.float64]
Histories = dict[str, list[Elements]]

AXES = ("along", "cross", "radial")
# Sets are compared at their own epoch and at these times before it: around the whole turn that it was fitted to.
BEFORE_S = np.array([0.0, 1_200.0, 2_400.0, 3_600.0, 4_800.0])
# Drag changes the mean motion of these satellites by 0.00002 a day and fits scatter by 0.00001: this is a manoeuvre.
STEP_REV_PER_DAY = 1e-4
# Sets further apart may have a manoeuvre between them that cannot be told from drag.
GAP_S = 3 * DAY_S
BINS_DAY = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 14.0)
# Of normal errors this part lies within two sigma.
TWO_SIGMA = 0.9545
WEEK_S = 7 * DAY_S

HEAD = """\
# How wrong element sets become with age

<!-- Made by scripts/learn_element_quality.py. -->

{sets} element sets of {satellites} satellites, epochs {first:%Y-%m-%d} to {last:%Y-%m-%d}. Each was predicted with
SGP4 to the moments of all later sets of its satellite (their epochs, and four times in the turn before) and compared
with them: {pairs} differences up to {days:g} days of age, in the orbit's own axes. They overlap: there is no more in
them than {satellites} satellites in {weeks} weeks of space weather.

Two sets with a manoeuvre between them say nothing about either. A manoeuvre is a step of the mean motion by more than
{step:g} revolutions a day from one set to the next; sets more than {gap:g} days apart are not compared across the gap.

The sigma of an axis at age t in days is the root of a² + (b t)² + (c t²)²: a for the sets themselves, b for an orbital
period that is a little wrong, c for drag that is not as expected. It is fitted to half of what 95.4 % of the
differences stay below in each range of ages, all satellites counted alike. At age 0 a difference holds the errors of
two sets; it is taken for the error of one. Beyond {days:g} days nothing is learned: sigmas grow with the square of age.

"Left out" means that the errors counted are those of a satellite, or of sets of a week, that the fit did not see.
"""


@dataclass(frozen=True)
class Errors:
    """Predicted less later positions: satellite numbers, ages in days and the old set's epoch (N,), metres (N, 3)."""

    satellite: NDArray[np.intp]
    age_day: Floats
    from_s: Floats
    error_m: Floats

    def where(self, mask: NDArray[np.bool_]) -> "Errors":
        return Errors(self.satellite[mask], self.age_day[mask], self.from_s[mask], self.error_m[mask])


# What was seen -----------------------------------------------------------------------------------------------------


def read_histories(path: Path) -> Histories:
    """Element sets by satellite in the order of their epochs, every epoch once."""
    found: dict[str, dict[float, Elements]] = {}
    for elements in parse_elements(path.read_text("utf-8")):
        found.setdefault(elements.label, {})[elements.epoch_s] = elements
    return {name: [sets[t] for t in sorted(sets)] for name, sets in found.items()}


def find_steps(sets: Sequence[Elements]) -> list[int]:
    """Numbers of the sets before which the mean motion stepped."""
    return [
        i
        for i, (a, b) in enumerate(pairwise(sets), 1)
        if abs(b.mean_motion - a.mean_motion) > STEP_REV_PER_DAY and b.epoch_s - a.epoch_s <= GAP_S
    ]


def number_quiet_times(sets: Sequence[Elements]) -> list[int]:
    """A number for each set, the same for those with neither step nor gap between them."""
    steps, numbers = set(find_steps(sets)), [0]
    for i, (a, b) in enumerate(pairwise(sets), 1):
        numbers.append(numbers[-1] + (i in steps or b.epoch_s - a.epoch_s > GAP_S))
    return numbers


def measure(histories: Histories, *, quiet: bool) -> Errors:
    """Errors of all pairs of sets, or only of those with no manoeuvre between them as far as can be seen."""
    return _join(
        _measure_satellite(i, sets, number_quiet_times(sets) if quiet else [0] * len(sets))
        for i, sets in enumerate(histories.values())
    )


def _measure_satellite(number: int, sets: Sequence[Elements], times: Sequence[int]) -> Errors:
    moments = [elements.epoch_s - BEFORE_S for elements in sets]
    truths = [compute_states(elements, t) for elements, t in zip(sets, moments, strict=True)]
    return _join(
        _measure_set(number, old, [truths[j] for j in range(i + 1, len(sets)) if times[j] == times[i]])
        for i, old in enumerate(sets)
    )


def _measure_set(number: int, old: Elements, truths: Sequence[States]) -> Errors:
    if not truths:
        return Errors(np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros((0, 3)))
    t, r, v = (np.concatenate(parts) for parts in zip(*((s.t_s, s.r_m, s.v_ms) for s in truths), strict=True))
    error = _turn(compute_states(old, t).r_m - r, r, v)
    age = (t - old.epoch_s) / DAY_S
    return Errors(np.full(len(t), number), age, np.full(len(t), old.epoch_s), error).where(age >= 0)


def _turn(difference: Floats, r_m: Floats, v_ms: Floats) -> Floats:
    """Differences (N, 3) in ITRF as along-track, cross-track and radial ones, by the velocity among the stars."""
    inertial = v_ms + np.cross([0.0, 0.0, EARTH_RATE_RAD_S], r_m)
    radial = r_m / np.linalg.norm(r_m, axis=1)[:, None]
    cross = np.cross(r_m, inertial)
    cross /= np.linalg.norm(cross, axis=1)[:, None]
    axes = np.stack([np.cross(cross, radial), cross, radial], axis=1)
    return np.einsum("nij,nj->ni", axes, difference)


def _join(parts: Iterable[Errors]) -> Errors:
    some = list(parts)
    fields = ("satellite", "age_day", "from_s", "error_m")
    return Errors(*(np.concatenate([getattr(part, name) for part in some]) for name in fields))


# The model ---------------------------------------------------------------------------------------------------------


def learn(errors: Errors) -> Floats:
    """Parameters (3 axes, 3): metres, metres a day and metres a day squared, of sigma^2 = a^2 + (b t)^2 + (c t^2)^2."""
    return np.array([_fit(*_scales(errors, axis)) for axis in range(3)])


def predict(parameters: Floats, age_day: Floats) -> Floats:
    """Sigmas (N, 3) in metres at ages (N,)."""
    oldest = BINS_DAY[-1]
    beyond = np.maximum(age_day / oldest, 1.0) ** 2
    return np.sqrt(_powers(np.minimum(age_day, oldest)) @ (parameters**2).T) * beyond[:, None]


def _powers(age_day: Floats) -> Floats:
    return np.stack([np.ones_like(age_day), age_day**2, age_day**4], axis=1)


def _scales(errors: Errors, axis: int) -> tuple[Floats, Floats]:
    """Middles of the age bins, and half of what 95.4 % of the errors there stay below, every satellite counted alike.

    Taken from the 95.4 % rather than from the mean square: one bad set must not widen every promise, and the many small
    errors must not narrow it.
    """
    found: list[tuple[float, float]] = []
    for low, high in pairwise(BINS_DAY):
        some = errors.where((errors.age_day >= low) & (errors.age_day < high))
        if len(some.age_day):
            scale = _quantile(np.abs(some.error_m[:, axis]), _even_weights(some.satellite), TWO_SIGMA) / 2
            found.append((float(np.sqrt((some.age_day**2).mean())), scale))
    middles, scales = np.array(found).T
    return middles, scales


def _even_weights(satellite: NDArray[np.intp]) -> Floats:
    return 1 / np.bincount(satellite)[satellite]


def _quantile(values: Floats, weights: Floats, part: float) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, part * total[-1])])


def _fit(age_day: Floats, scale_m: Floats) -> Floats:
    """a, b and c, none negative: least squares of the variances, each weighed by the variance of the fit before."""
    powers, variance = _powers(age_day), scale_m**2
    fitted = variance
    for _ in range(30):
        fitted = powers @ _least_squares(powers / fitted[:, None], variance / fitted)
    return np.sqrt(_least_squares(powers / fitted[:, None], variance / fitted))


def _least_squares(matrix: Floats, wanted: Floats) -> Floats:
    """The non-negative solution with the smallest residual: the best of all sets of unknowns that may be above zero."""
    best, least = np.zeros(matrix.shape[1]), np.inf
    columns = range(matrix.shape[1])
    for some in map(list, chain.from_iterable(combinations(columns, n) for n in range(1, len(columns) + 1))):
        solution = np.zeros(len(columns))
        solution[some] = np.linalg.lstsq(matrix[:, some], wanted, rcond=None)[0]
        residual = float(((matrix @ solution - wanted) ** 2).sum())
        if (solution >= 0).all() and residual < least:
            best, least = solution, residual
    return best


# Whether it holds --------------------------------------------------------------------------------------------------


def leave_out(errors: Errors, groups: NDArray[np.intp]) -> tuple[Errors, Floats]:
    """All errors up to the oldest age learned from, with sigmas (N, 3) learned from the other groups."""
    errors, groups = errors.where(known := errors.age_day < BINS_DAY[-1]), groups[known]
    sigma = np.zeros_like(errors.error_m)
    for group in np.unique(groups):
        out = groups == group
        sigma[out] = predict(learn(errors.where(~out)), errors.age_day[out])
    return errors, sigma


def count_within(errors: Errors, sigma_m: Floats) -> Floats:
    """Percentages (3 axes, 3) of errors within one, two and three sigma, every satellite counted alike."""
    weights = _even_weights(errors.satellite)
    inside = np.abs(errors.error_m)[:, :, None] <= sigma_m[:, :, None] * np.array([1.0, 2.0, 3.0])
    return 100 * np.average(inside, axis=0, weights=weights)


# The report --------------------------------------------------------------------------------------------------------


def report(history: Histories, checks: Sequence[Histories]) -> Iterator[str]:
    errors = measure(history, quiet=True)
    yield _report_head(history, errors)
    yield from _report_steps(history)
    yield from _report_scatter(history, errors)
    parameters = learn(errors)
    yield from _report_model(parameters)
    yield from _report_calibration(history, errors, parameters, checks)


def _report_head(history: Histories, errors: Errors) -> str:
    epochs = [elements.epoch for sets in history.values() for elements in sets]
    return HEAD.format(
        sets=len(epochs),
        satellites=len(history),
        first=min(epochs),
        last=max(epochs),
        pairs=int((errors.age_day < BINS_DAY[-1]).sum()),
        days=BINS_DAY[-1],
        weeks=len(np.unique(_weeks(errors))),
        step=STEP_REV_PER_DAY,
        gap=GAP_S / DAY_S,
    )


def _report_steps(history: Histories) -> Iterator[str]:
    yield "## Manoeuvres\n\n| satellite | sets | days | steps of the mean motion, as height |"
    yield "| --- | --- | --- | --- |"
    for name, sets in history.items():
        steps = ", ".join(
            f"{sets[i].epoch:%m-%d} {_height_step_m(sets[i - 1], sets[i]):+.0f} m" for i in find_steps(sets)
        )
        yield f"| {name} | {len(sets)} | {(sets[-1].epoch - sets[0].epoch).days} | {steps or 'none'} |"


def _height_step_m(before: Elements, after: Elements) -> float:
    """By Kepler's third law."""
    mu_m3_s2 = 3.986004418e14
    axes = [(mu_m3_s2 / (e.mean_motion * 2 * np.pi / DAY_S) ** 2) ** (1 / 3) for e in (before, after)]
    return axes[1] - axes[0]


def _report_scatter(history: Histories, errors: Errors) -> Iterator[str]:
    ages = ((0.0, 0.5), (1.0, 2.0), (3.0, 4.0), (6.0, 8.0), (10.0, 14.0))
    yield "\n## Along-track error without manoeuvres, rms in km\n"
    yield "| | " + " | ".join(f"{low:g} to {high:g} days" for low, high in ages) + " |"
    yield "| --- |" + " --- |" * len(ages)
    groups = [(name, errors.satellite == i) for i, name in enumerate(history)]
    weeks = _weeks(errors)
    groups += [(f"week {week + 1}", weeks == week) for week in np.unique(weeks)]
    for name, mask in groups:
        parts = (errors.where(mask & (errors.age_day >= a) & (errors.age_day < b)) for a, b in ages)
        figures = (f"{_rms(part.error_m[:, 0]) / 1e3:.2f}" if len(part.age_day) else "" for part in parts)
        yield f"| {name} | {' | '.join(figures)} |"


def _rms(values: Floats) -> float:
    return float(np.sqrt((values**2).mean()))


def _weeks(errors: Errors) -> NDArray[np.intp]:
    """The week of the old set's epoch, counted from the first."""
    return ((errors.from_s - errors.from_s.min()) // WEEK_S).astype(np.intp)


def _report_model(parameters: Floats) -> Iterator[str]:
    yield "\n## Constants: metres, metres a day, metres a day squared\n"
    for name, (a, b, c) in zip(AXES, parameters, strict=True):
        yield f"    {name.upper()} = Growth({a:.0f}, {b:.0f}, {c:.1f})"
    yield "\n| age in days | " + " | ".join(f"{name} km" for name in AXES) + " |\n| --- | --- | --- | --- |"
    for age in (0.0, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0):
        sigma = predict(parameters, np.array([age]))[0] / 1e3
        yield f"| {age:g} | {' | '.join(f'{s:.3f}' for s in sigma)} |"


def _report_calibration(
    history: Histories, errors: Errors, parameters: Floats, checks: Sequence[Histories]
) -> Iterator[str]:
    yield "\n## Errors within 1, 2 and 3 sigma, in percent (normal: 68.3, 95.4, 99.7)\n"
    yield "| errors | number | " + " | ".join(AXES) + " |\n| --- | --- | --- | --- | --- |"

    def row(name: str, some: Errors, sigma: Floats) -> str:
        parts = (" ".join(f"{part:.1f}" for part in axis) for axis in count_within(some, sigma))
        return f"| {name} | {len(some.age_day)} | {' | '.join(parts)} |"

    def plain(some: Errors) -> tuple[Errors, Floats]:
        return some, predict(parameters, some.age_day)

    young = errors.age_day < BINS_DAY[-1]
    yield row("what was learned from", *plain(errors.where(young)))
    held, sigma = leave_out(errors, errors.satellite)
    yield row("satellites left out", held, sigma)
    for i, name in enumerate(history):
        yield row(f"- {name}", held.where(out := held.satellite == i), sigma[out])
    yield row("weeks left out", *leave_out(errors, _weeks(errors)))
    for low, high in ((0.0, 1.0), (1.0, 3.0), (3.0, 7.0), (7.0, 14.0)):
        band = (held.age_day >= low) & (held.age_day < high)
        yield row(f"satellites left out, {low:g} to {high:g} days", held.where(band), sigma[band])
    yield row("older than 14 days", *plain(errors.where(~young)))
    everything = measure(history, quiet=False)
    yield row("with manoeuvres", *plain(everything.where(everything.age_day < BINS_DAY[-1])))
    for number, check in enumerate(checks, 1):
        some = measure(check, quiet=False)
        some = some.where(some.age_day < BINS_DAY[-1])
        if len(some.age_day):
            yield row(f"check {number}, manoeuvres or not", *plain(some))


def main() -> None:
    first, *others = map(Path, sys.argv[1:])
    sys.stdout.write(
        "\n".join(report(read_histories(first), [read_histories(path) for path in others])) + "\n"
    )


if __name__ == "__main__":
    main()
