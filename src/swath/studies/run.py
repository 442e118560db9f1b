"""Runs a study: piece by piece, by whatever executor there is, with the same result always.

Areas have nothing to do with one another, so a shard is the same study with fewer areas. Shards are handed out in order
and come back in order; nothing of them depends on how they were cut.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass, replace

from swath.errors import Unavailable
from swath.geo.measures import area_m2
from swath.studies.captures import Captures, find_captures
from swath.studies.coverage import CoverageCurve, compute_coverage
from swath.studies.model import Study, StudyArea, check_study
from swath.studies.revisits import Revisits, compute_revisits

# Areas by satellites by days that make a shard: a fraction of a second.
SHARD_WORK = 2_000.0

Progress = Callable[[int], None]


@dataclass(frozen=True)
class AreaResult:
    """What a study finds of one area, of so many square kilometres."""

    name: str
    area_km2: float
    captures: Captures
    revisits: Revisits
    coverage: CoverageCurve


def run_study(
    study: Study,
    executor: Executor | None = None,
    *,
    areas_per_shard: int | None = None,
    progress: Progress | None = None,
) -> tuple[AreaResult, ...]:
    """What a study finds, area by area in the study's order; see `stream_study`."""
    return tuple(stream_study(study, executor, areas_per_shard=areas_per_shard, progress=progress))


def stream_study(
    study: Study,
    executor: Executor | None = None,
    *,
    areas_per_shard: int | None = None,
    progress: Progress | None = None,
) -> Iterator[AreaResult]:
    """The same one after another, as shards are done: by an executor's `map`, or in this process.

    `progress` is told how many areas are done. Raises Invalid for a study that cannot be made before anything runs,
    PropagationFailed when SGP4 gives no position for a satellite, Unavailable when the executor breaks.
    """
    shards = split_study(check_study(study), areas_per_shard)
    return _tell(_run(shards, executor), progress or (lambda _: None))


def split_study(study: Study, areas_per_shard: int | None = None) -> tuple[Study, ...]:
    """The same study in parts, so many areas each, or as many as make a shard worth its way."""
    count = areas_per_shard or max(1, int(SHARD_WORK * len(study.areas) / max(study.work, 1.0)))
    starts = range(0, len(study.areas), count)
    return tuple(replace(study, areas=study.areas[i : i + count]) for i in starts)


def compute_shard(study: Study) -> tuple[AreaResult, ...]:
    """What a study, or a part of one, finds: the function that executors are given."""
    return tuple(_compute_area(study, one) for one in study.areas)


def _compute_area(study: Study, one: StudyArea) -> AreaResult:
    captures = find_captures(study, one.area)
    return AreaResult(
        name=one.name,
        area_km2=area_m2(one.area) / 1e6,
        captures=captures,
        revisits=compute_revisits(captures, study.start_s, study.end_s, study.min_coverage_percent),
        coverage=compute_coverage(one.area, captures),
    )


def _run(shards: Iterable[Study], executor: Executor | None) -> Iterator[AreaResult]:
    run_all = map if executor is None else executor.map
    try:
        for result in run_all(compute_shard, shards):
            yield from result
    except BrokenExecutor as error:
        sentence = "A worker of the study ended before its work was done; was there memory enough?"
        raise Unavailable(f"{sentence} Try fewer workers at a time.") from error


def _tell(results: Iterable[AreaResult], progress: Progress) -> Iterator[AreaResult]:
    for done, result in enumerate(results, 1):
        yield result
        progress(done)
