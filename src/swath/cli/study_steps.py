"""The steps of `swath study`, which need the server's packages: take in, compute, write, show."""

import os
from collections.abc import Generator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from swath.cli.access_files import load_elements
from swath.cli.output import build_table, print_json, print_table, progress_of, say
from swath.clock import to_seconds
from swath.fleet import Fleet, load_bundled_elements, load_fleet
from swath.orbit.elements import Elements
from swath.orbit.mean import DAY_S
from swath.orbit.quality import time_uncertainty_s
from swath.planning import Member
from swath.studies import (
    Study,
    Written,
    build_members,
    check_study,
    choose_members,
    load_areas,
    stream_study,
    write_study,
)
from swath.studies.files import PICTURE, REVISIT
from swath.studies.tables import RevisitRow, count

# With less work than this, in areas by satellites by days, all is done before other processes have started.
WORTH_PROCESSES = 20_000.0
SHOWN = 40
# Later or earlier than this, by one sigma, is worth a word. Satellites as low as these fly so fast.
LATE_S, SPEED_MS = 30.0, 7_500.0
COLUMNS = (
    "area",
    "accesses>",
    "mean gap>",
    "median>",
    "max>",
    "mean wait>",
    "longest>",
    "covered>",
    "50 % after>",
    "90 % after>",
    "99 % after>",
)


class Sources(NamedTuple):
    """The files that a study is made from; None for the bundled ones. With a swath there is no fleet."""

    areas: Path
    elements: Path | None
    fleet: Path | None
    swath_km: float | None

    @property
    def names(self) -> dict[str, str]:
        """What was given for each."""
        fleet = str(self.fleet or "bundled") if self.swath_km is None else f"swath of {self.swath_km:g} km"
        return {"areas": str(self.areas), "elements": str(self.elements or "bundled"), "fleet": fleet}

    def list_satellites(self) -> list[str]:
        """The satellites of the fleet, if there is one."""
        return [] if self.swath_km is not None else list(load_fleet(self.fleet).satellites)


class Limits(NamedTuple):
    """The range and the limits of a study as they were given."""

    start: datetime
    end: datetime
    max_off_nadir_deg: float | None
    min_sun_deg: float | None
    min_coverage_percent: float


def build_study(
    sources: Sources, limits: Limits, names: Sequence[str], name_property: str | None, point_size_km: float
) -> Study:
    """The study that was asked for. Raises SwathError with the file or the rule that is wrong."""
    fleet, start_s, end_s = load_fleet(sources.fleet), to_seconds(limits.start), to_seconds(limits.end)
    least_sun = fleet.limits.min_sun_elevation_deg if limits.min_sun_deg is None else limits.min_sun_deg
    return check_study(
        Study(
            areas=load_areas(sources.areas, name_property, point_size_km),
            members=_choose_members(sources, fleet, limits.max_off_nadir_deg, names, (start_s + end_s) / 2),
            start_s=start_s,
            end_s=end_s,
            limits=fleet.limits,
            max_off_nadir_deg=limits.max_off_nadir_deg,
            min_sun_deg=None if least_sun <= -90.0 else least_sun,
            min_coverage_percent=limits.min_coverage_percent,
        )
    )


def run(study: Study, sources: Sources, out: Path, jobs: int | None) -> Written:
    """Compute a study and write it down; progress shows on a terminal."""
    with (
        progress_of("areas", len(study.areas)) as done_so_far,
        _open_executor(jobs or _count_jobs(study)) as executor,
    ):
        results = stream_study(study, executor, progress=done_so_far)
        return write_study(study, results, out, sources=sources.names, land=_find_land)


def show(written: Written, as_json: bool) -> None:
    """The statistics, for programs or for people."""
    if as_json:
        print_json(written.document)
        return
    totals = written.document["totals"]
    title = (
        f"{count(totals['accesses'], 'access')} of {count(totals['satellites'], 'satellite')} "
        f"in {count(totals['days'], 'day')}, "
        f"{written.document['min_coverage_percent']:g} % or more of the area covered"
    )
    print_table(build_table(title, COLUMNS, (_cells(one.row) for one in written.summaries[:SHOWN])))


def tell_before(study: Study, every: Sequence[str]) -> None:
    """What should be known of the satellites: who of all is left out, and how old elements are."""
    taken = {satellite.id for satellite, _ in study.members}
    without = [name for name in every if name not in taken]
    if without:
        say(f"There are no elements of {', '.join(without)}; the study goes without.")
    age = max(abs(t_s - e.epoch_s) / DAY_S for _, e in study.members for t_s in (study.start_s, study.end_s))
    late_s = float(time_uncertainty_s(age, SPEED_MS))
    if late_s > LATE_S:
        say(
            f"Elements are up to {age:.0f} days away from the range: one sigma of {late_s:.0f} s, and manoeuvres. "
            "They tell how often satellites come, less so when."
        )


def tell_after(written: Written, out: Path) -> None:
    """Where everything is, and what is missing."""
    if len(written.summaries) > SHOWN:
        say(f"The first {SHOWN} of {len(written.summaries)} areas are shown; {out / REVISIT} has all.")
    if PICTURE not in written.files:
        say("There is no picture, for matplotlib is missing: pip install 'swath[study]'")
    say(f"{', '.join(written.files)} are in {out}.")


def _choose_members(
    sources: Sources, fleet: Fleet, max_off_nadir_deg: float | None, names: Sequence[str], at_s: float
) -> tuple[Member, ...]:
    sets: tuple[Elements, ...] = (
        load_elements(sources.elements) if sources.elements else load_bundled_elements()
    )
    if sources.swath_km is None:
        return choose_members(fleet, sets, names, at_s)
    return build_members(sets, sources.swath_km, max_off_nadir_deg, names, at_s)


def _count_jobs(study: Study) -> int:
    return 1 if study.work < WORTH_PROCESSES else min(_count_processors(), len(study.areas))


def _count_processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _open_executor(jobs: int) -> Generator[Executor | None]:
    """None for this process alone. Other processes start afresh: what runs here besides cannot disturb them."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn")) if jobs > 1 else nullcontext()
    with pool as executor:
        yield executor


def _find_land(west: float, south: float, east: float, north: float) -> BaseGeometry:
    # The outlines belong to the simulated mission control, of which studies know nothing.
    from swath.simulator.land import load_land

    return load_land().within(west, south, east, north)


def _cells(row: RevisitRow) -> tuple[object, ...]:
    waits = (row.mean_gap_h, row.median_gap_h, row.max_gap_h, row.mean_wait_h, row.longest_wait_h)
    reached = (row.hours_to_50, row.hours_to_90, row.hours_to_99)
    return (
        row.area,
        row.accesses,
        *map(_hours, waits),
        f"{row.covered_percent:.1f} %",
        *map(_hours, reached),
    )


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:.1f} h"
