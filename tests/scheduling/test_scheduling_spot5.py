"""SPOT5: the exact solver proves the optimum of every file that other people published, and of none a better one."""

import csv

import pytest

from benchmarks.schedule.spot5 import FOLDER, Convention, list_optima, read_spot
from swath.scheduling.selections.exact import select

OPTIMA = list_optima()
# Each takes less than half a second of a quiet core; the others up to half a minute.
QUICK = ("8", "54", "29", "404", "503", "42", "408", "1502", "505", "412", "507")


def read_known() -> list[dict[str, str]]:
    with (FOLDER / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def prove(name: str, convention: Convention, optimum: int) -> None:
    problem = read_spot(name, convention)
    found = select(problem)
    assert (found.value, found.bound, found.status) == (optimum, optimum, "optimal")
    assert problem.allows(found.chosen)


@pytest.mark.parametrize("name", QUICK)
def test_the_optimum_is_proved(name: str):
    prove(name, "norm", OPTIMA[name])


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [name for name in OPTIMA if name not in QUICK])
def test_the_optimum_of_a_large_file_is_proved(name: str):
    prove(name, "norm", OPTIMA[name])


@pytest.mark.parametrize(
    "name, optimum", [("1502", 61158), pytest.param("1504", 124242, marks=pytest.mark.slow)]
)
def test_memory_may_be_counted_as_it_stands(name: str, optimum: int):
    prove(name, "raw", optimum)


@pytest.mark.slow
def test_the_files_are_those_of_the_table():
    """Photographs that the table of 1999 counts are there, with one to three ways each."""
    assert len(OPTIMA) == 21
    for row in read_known():
        problem = read_spot(row["file"])
        photos = int(row["photos"])
        assert photos <= len(problem) <= 3 * photos
        assert bool(problem.rows) == (row["file"] in {"1401", "1403", "1405", "1021", "1502", "1504", "1506"})


def test_nobody_published_more_than_the_optimum():
    for row in read_known():
        assert int(row["certificate_2023_recomputed"] or 0) <= OPTIMA[row["file"]]


def test_a_file_is_read_as_it_is_written():
    """8.spot: four photographs by one of three cameras, four stereo pairs, seven rules, no limit of memory."""
    problem = read_spot("8")
    assert problem.values.tolist() == [1.0] * 12 + [2.0] * 4
    pairs = {tuple(sorted(pair)) for pair in problem.pairs.tolist()}
    assert {(0, 1), (0, 2), (1, 2)} <= pairs
    assert {(0, 3), (1, 4), (2, 5)} <= pairs
    assert (12, 13) in pairs
    assert len(pairs) == 4 * 3 + 5 * 3 + 2
