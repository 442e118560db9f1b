"""Keys of candidates: one for each strip of each access, and it stays."""

from dataclasses import replace
from itertools import product

from planning_world import ELEMENTS

from swath.planning.keys import build_key, name_half_turn, number_strips

GRUS = ELEMENTS["GRUS-1B"]


def test_whatever_differs_gives_another_key() -> None:
    parts = (("plan-1", "plan-2"), ("GRUS-1A", "GRUS-1B"), ("ascending 7", "descending 7"), (-1, 0, 1))
    keys = [build_key(*each) for each in product(*parts)]
    assert len(set(keys)) == len(keys)
    assert keys == [build_key(*each) for each in product(*parts)]
    assert all(len(key) == 16 and key.isalnum() for key in keys)


def test_a_half_turn_keeps_its_name_over_the_equator() -> None:
    before = name_half_turn(GRUS, 41, "ascending", is_north=False)
    after = name_half_turn(GRUS, 42, "ascending", is_north=True)
    assert before == after
    down = name_half_turn(GRUS, 42, "descending", is_north=True)
    assert down == name_half_turn(GRUS, 42, "descending", is_north=False)
    assert down != after


def test_every_half_turn_has_a_name_of_its_own() -> None:
    quarters = [("ascending", True), ("descending", True), ("descending", False), ("ascending", False)]
    names = [
        name_half_turn(GRUS, revolution, state, is_north=north)
        for revolution in range(40, 44)
        for state, north in quarters
    ]
    # The last quarter of a revolution and the first of the next are one half turn.
    assert len(set(names)) == 2 * 4 + 1
    assert names[3] == names[4]


def test_newer_elements_give_the_same_name_unless_they_do_not_count_revolutions() -> None:
    newer = ELEMENTS["GRUS-1A"]
    assert name_half_turn(GRUS, 42, "ascending", is_north=True) == name_half_turn(
        newer, 42, "ascending", is_north=True
    )
    old, new = replace(GRUS, rev_at_epoch=0), replace(newer, rev_at_epoch=0)
    assert name_half_turn(old, 42, "ascending", is_north=True) != name_half_turn(
        new, 42, "ascending", is_north=True
    )


def test_strips_are_numbered_from_the_best_to_either_side() -> None:
    assert number_strips([3.0]) == (0,)
    assert number_strips([3.0, 8.0, 13.0, -2.0]) == (0, 1, 2, -1)
    assert number_strips([]) == ()
    assert len(set(number_strips([3.0, 3.0, -2.0]))) == 3
    # What moves a little, or is found anew at an end, does not change the numbers of the others.
    assert number_strips([3.1, 8.1, 13.1, -1.9, -6.9]) == (0, 1, 2, -1, -2)
