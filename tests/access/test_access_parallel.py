"""`map` over threads: in order, never far ahead, and errors come in their place."""

import threading
from collections.abc import Iterator

import pytest

from swath.access.parallel import map_in_threads


def test_results_come_in_order() -> None:
    assert list(map_in_threads(lambda n: n * n, range(50))) == [n * n for n in range(50)]


def test_nothing_is_done_far_ahead_of_its_use() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for n in range(1000):
            taken.append(n)
            yield n

    results = map_in_threads(lambda n: n, items())
    next(results)
    assert len(taken) < 1000 / 2
    results.close()


def test_an_error_comes_where_its_result_would_have_come() -> None:
    results = map_in_threads(lambda n: 10 // n, [5, 2, 0, 1])
    assert [next(results), next(results)] == [2, 5]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    list(map_in_threads(str, range(20)))
    assert threading.active_count() == before
