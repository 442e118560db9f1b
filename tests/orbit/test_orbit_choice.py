"""Of many element sets those are used that are nearest in time, under names that tell satellites apart."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from swath.fleet import load_bundled_elements
from swath.orbit.choice import choose_elements, days_away, name_satellites
from swath.orbit.elements import Elements

ONE, OTHER, *_ = load_bundled_elements()
DAY = timedelta(days=1)


def aged(days: float, one: Elements = ONE) -> Elements:
    return replace(one, epoch=one.epoch + days * DAY)


def test_of_several_sets_of_a_satellite_the_nearest_in_time_is_used() -> None:
    sets = [aged(days) for days in (3, -7, 0.4, 12, -1)]
    assert choose_elements(sets, ONE.epoch + 5 * DAY) == (aged(3),)
    assert choose_elements(sets, ONE.epoch - 90 * DAY) == (aged(-7),)


def test_the_order_in_the_file_does_not_matter() -> None:
    days = np.random.default_rng(5).permutation(np.arange(-200, 200) / 3)
    assert choose_elements([aged(float(day)) for day in days], ONE.epoch + 10.1 * DAY) == (aged(10.0),)


def test_of_two_that_are_equally_near_the_earlier_counts() -> None:
    assert choose_elements([aged(2), aged(-2)], ONE.epoch) == (aged(-2),)


def test_satellites_stay_in_the_order_in_which_they_come_first() -> None:
    sets = [OTHER, aged(1), aged(0), aged(1, OTHER)]
    assert choose_elements(sets, ONE.epoch) == (OTHER, aged(0))


def test_copies_of_one_epoch_that_fly_elsewhere_are_all_kept() -> None:
    copies = [replace(ONE, raan_deg=float(raan)) for raan in (10, 20, 30)]
    assert choose_elements([*copies, aged(9)], ONE.epoch) == tuple(copies)


def test_the_same_orbit_given_twice_is_one() -> None:
    again = replace(ONE, element_set_no=7, rev_at_epoch=1)
    assert len(choose_elements([ONE, ONE, again], ONE.epoch)) == 1


def test_a_name_that_two_satellites_share_gets_their_numbers() -> None:
    debris = [replace(ONE, name="DEB", norad_id=number) for number in (11, 12)]
    assert name_satellites([ONE, *debris]) == (ONE.name, "DEB (11)", "DEB (12)")


def test_copies_are_counted() -> None:
    assert name_satellites([ONE, OTHER, ONE]) == (f"{ONE.name} #1", OTHER.name, f"{ONE.name} #2")


def test_no_two_names_are_alike_whatever_satellites_are_called() -> None:
    labels = ["A", "A", "A #1", "A #1", "A (1)", ""]
    names = name_satellites([replace(ONE, name=label) for label in labels])
    assert len(set(names)) == len(labels)


@pytest.mark.parametrize(
    ("start", "end", "nearest", "farthest"), [(-1, 13, 0, 13), (20, 34, 20, 34), (-34, -20, 20, 34)]
)
def test_how_far_elements_are_from_a_range(start: int, end: int, nearest: int, farthest: int) -> None:
    def at(days: int) -> float:
        moment: datetime = ONE.epoch + days * DAY
        return moment.timestamp()

    assert days_away(ONE, at(start), at(end)) == pytest.approx((nearest, farthest))
