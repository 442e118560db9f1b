"""SPOT5: the exact solver proves the optimum of every file that other people published, and of none a better one."""

import csv
from pathlib import Path

import pytest

from benchmarks.schedule.optima import FOLDER, find_file, list_optima
from swath.errors import Malformed
from swath.scheduling.selections.exact import select
from swath.scheduling.selections.spot5 import Convention, read_spot

OPTIMA = {file.name.removesuffix(".spot.gz"): optimum for file, optimum in list_optima().items()}
# Each takes less than half a second of a quiet core; the others up to half a minute.
QUICK = ("8", "54", "29", "404", "503", "42", "408", "1502", "505", "412", "507")


def read_known() -> list[dict[str, str]]:
    with (FOLDER / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def prove(name: str, convention: Convention, optimum: int) -> None:
    problem = read_spot(find_file(name), convention).selection
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
        problem = read_spot(find_file(row["file"])).selection
        photos = int(row["photos"])
        assert photos <= len(problem) <= 3 * photos
        assert bool(problem.rows) == (row["file"] in {"1401", "1403", "1405", "1021", "1502", "1504", "1506"})


def test_nobody_published_more_than_the_optimum():
    for row in read_known():
        assert int(row["certificate_2023_recomputed"] or 0) <= OPTIMA[row["file"]]


def test_a_file_is_read_as_it_is_written():
    """8.spot: four photographs by one of three cameras, four stereo pairs, seven rules, no limit of memory."""
    problem = read_spot(find_file("8")).selection
    assert problem.values.tolist() == [1.0] * 12 + [2.0] * 4
    pairs = {tuple(sorted(pair)) for pair in problem.pairs.tolist()}
    assert {(0, 1), (0, 2), (1, 2)} <= pairs
    assert {(0, 3), (1, 4), (2, 5)} <= pairs
    assert (12, 13) in pairs
    assert len(pairs) == 4 * 3 + 5 * 3 + 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two",
        "5\n0 1 1 1 0\n0\n",
        "1\n0 1\n0\n",
        "1\n0 1 2 1 0 2\n0\n",
        "1\n0 1 99999999 1 0\n0\n",
        "2\n0 1 1 1 0\n1 1 1 1 0\n1\n2 0 9 1 1\n",
        "2\n0 1 1 1 0\n1 1 1 1 0\n1\n2 0 1 1\n",
        "1\n0 1 1 1 0\n1\n7 0 0 0 0 0 0 0\n",
        "1\n0 1 1 1 0\n1\n-9\n",
        "-1\n0 1 1 1 0\n0\n",
        "1\n0 " + "9" * 400 + " 1 1 0\n0\n",
    ],
    ids=range(12),
)
def test_a_file_that_is_not_spot5_is_refused_by_name(text: str, tmp_path: Path):
    (tmp_path / "odd.spot").write_text(text)
    with pytest.raises(Malformed, match=r"odd\.spot is no SPOT5 file"):
        read_spot(tmp_path / "odd.spot")
