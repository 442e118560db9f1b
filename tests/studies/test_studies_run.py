"""Running a study: same study, same result, whatever runs it and however it is cut."""

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import pytest
from shapely import box
from study_world import AREAS, DAY_S, FUKUI, NOW_S, build, members, results

from swath.errors import Invalid, Unavailable
from swath.orbit.propagate import PropagationFailed
from swath.studies import AreaResult, Study, StudyArea, run_study, stream_study
from swath.studies.run import split_study


class SubmitOnly(Executor):
    """An executor that can nothing but submit, and is done at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def tell(found: tuple[AreaResult, ...]) -> list[Any]:
    """Everything in a result that can differ."""
    return [
        [
            one.name,
            one.area_km2,
            *(column.tolist() for column in vars(one.captures).values()),
            *(column.tolist() for column in vars(one.coverage).values()),
            one.revisits.accesses_s.tolist(),
        ]
        for one in found
    ]


@pytest.mark.parametrize("areas_per_shard", [1, 2, 3, 100])
def test_the_number_of_shards_changes_nothing(areas_per_shard: int) -> None:
    assert tell(run_study(build(), areas_per_shard=areas_per_shard)) == tell(results())


def test_threads_give_the_same() -> None:
    with ThreadPoolExecutor(3) as executor:
        assert tell(run_study(build(), executor, areas_per_shard=1)) == tell(results())


def test_an_executor_needs_no_more_than_submit() -> None:
    assert tell(run_study(build(), SubmitOnly(), areas_per_shard=1)) == tell(results())


@pytest.mark.slow
def test_other_processes_give_the_same() -> None:
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        assert tell(run_study(build(), executor, areas_per_shard=1)) == tell(results())


def test_an_area_does_not_depend_on_its_neighbours() -> None:
    assert tell(run_study(build(*AREAS[1:]))) == tell(results())[1:]


def test_results_come_in_order_and_progress_is_told() -> None:
    told = list[int]()
    stream = stream_study(build(), progress=told.append)
    assert next(stream).name == AREAS[0].name
    assert [one.name for one in stream] == [one.name for one in AREAS[1:]]
    assert told == [1, 2, 3]


def test_shards_hold_all_areas_once_and_are_worth_their_way() -> None:
    areas = tuple(StudyArea(f"{i}", FUKUI.area) for i in range(50))
    study = build(*areas, days=14)
    shards = split_study(study)
    assert len(shards) == 1
    assert tuple(one for shard in shards for one in shard.areas) == areas
    assert len(split_study(replace(study, end_s=NOW_S + 400 * DAY_S))) == 25


def test_a_broken_executor_is_told_in_words() -> None:
    class Broken(SubmitOnly):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            raise BrokenExecutor

    with pytest.raises(Unavailable, match="ended before its work was done"):
        run_study(build(), Broken())


def test_a_satellite_that_has_come_down_is_named() -> None:
    (satellite, elements), *_ = members("GRUS-1A")
    falling = (satellite, replace(elements, bstar=0.05))
    with pytest.raises(PropagationFailed, match="GRUS-1A"):
        run_study(build(FUKUI, members=(falling,), days=60))


def faults() -> Iterator[tuple[Study, str]]:
    """Studies that cannot be made, and what is said."""
    study = build()
    yield replace(study, end_s=study.start_s), "must come after its start"
    yield replace(study, end_s=study.start_s + 401 * DAY_S), "401.0 days long; a study takes 400 at most"
    yield replace(study, end_s=float("nan")), "must come after its start"
    yield replace(study, areas=()), "has no area"
    yield replace(study, members=()), "has no satellite"
    yield replace(study, members=members("GRUS-1A") * 2), "Satellite GRUS-1A is in the study twice"
    yield build(FUKUI, FUKUI), "Several areas are called 'Fukui'"
    yield build(StudyArea("Wide", box(10, 0, 13, 1))), r"'Wide' is 334.0 km wide.*up to 250 km"
    yield replace(study, max_off_nadir_deg=61.0), "61 degrees; it must be from 0.1 to 60"
    yield replace(study, min_sun_deg=91.0), "91 degrees; it must be from -90 to 90"
    yield replace(study, min_coverage_percent=101.0), "101 percent; it must be from 0 to 100"


@pytest.mark.parametrize(("study", "said"), list(faults()))
def test_a_study_that_cannot_be_made_says_why_before_anything_runs(study: Study, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        stream_study(study)
