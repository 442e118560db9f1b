"""What the access benchmark rests on: its element sets, its works and how it judges an answer."""

import numpy as np
import pytest

from benchmarks.access.oracle import Oracle, judge
from benchmarks.access.works import FIVE, TWENTY, TWO_HUNDRED, Work, build_works, read_lines
from swath.orbit.elements import parse_tle

WORK = Work("toy", FIVE, (np.zeros(2), np.zeros(2)), None, 0.0, 1.0)
TRUE = Oracle(WORK, np.array([[0, 0, 1_000, 1_060], [0, 1, 1_000, 1_060], [0, 1, 7_000, 7_030]], float))


def test_the_first_satellite_is_the_real_one_under_another_number():
    real, copy = parse_tle("\n".join(read_lines()))[0], parse_tle(FIVE[0])[0]
    assert copy.norad_id != real.norad_id
    assert (copy.epoch, copy.raan_deg, copy.mean_anomaly_deg) == (
        real.epoch,
        real.raan_deg,
        real.mean_anomaly_deg,
    )


def test_copies_stand_apart_in_node_and_anomaly():
    first, second, *_ = parse_tle("\n".join(FIVE))
    assert (second.raan_deg - first.raan_deg) % 360 == pytest.approx(15)
    assert (second.mean_anomaly_deg - first.mean_anomaly_deg) % 360 == pytest.approx(72)


@pytest.mark.parametrize("tles,count", [(FIVE, 5), (TWENTY, 20), (TWO_HUNDRED, 200)])
def test_every_copy_is_another_satellite(tles, count):
    elements = parse_tle("\n".join(tles))
    assert len({(one.raan_deg, one.mean_anomaly_deg) for one in elements}) == count
    assert len({one.norad_id for one in elements}) == count


def test_works_are_the_same_at_every_run():
    for one, other in zip(build_works().values(), build_works().values(), strict=True):
        assert one.tles == other.tles
        assert all(np.array_equal(a, b) for a, b in zip(one.arguments[1], other.arguments[1], strict=True))


def test_a_perfect_answer():
    score = judge(TRUE, [(0, 1, 7_000.0, 7_030.0), (0, 0, 1_000.0, 1_060.0), (0, 1, 1_000.0, 1_060.0)])
    assert (score.found, score.extra, score.p99_ms) == (3, 0, 0)


def test_what_is_missing_and_what_is_too_much():
    score = judge(TRUE, [(0, 0, 1_000.5, 1_060.0), (1, 0, 1_000.0, 1_060.0), (0, 0, 9_000.0, 9_060.0)])
    assert (score.true, score.found, score.extra) == (3, 1, 2)
    assert score.recall == pytest.approx(1 / 3)
    assert score.median_ms == pytest.approx(250)


def test_the_same_access_twice_is_one_too_many():
    assert judge(TRUE, [(0, 0, 1_000.0, 1_060.0), (0, 0, 1_001.0, 1_060.0)]).extra == 1


def test_accesses_that_the_range_cuts_are_not_judged():
    assert judge(TRUE, [(0, 0, 0.0, 60.0), (0, 0, 86_390.0, 86_400.0)]).extra == 0


def test_an_empty_answer():
    assert judge(TRUE, []).found == 0
