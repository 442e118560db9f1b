"""What limits rule out, and that the help which follows from it is enough."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.scheduling.scheduling_world import RULES, chance, work

from swath.scheduling import Limits, insert, rule_out

LIMITS = Limits(start_s=10_000.0, end_s=20_000.0, off_nadir_range=(5.0, 20.0))


def told(start_s: float, off_nadir_deg: float = 10.0):
    one = rule_out(chance(start_s), off_nadir_deg, LIMITS)
    return None if one is None else (one.code, one.figures)


def test_a_chance_inside_the_limits_is_not_ruled_out():
    assert told(10_000) is None
    assert told(19_990) is None
    assert told(15_000, 5.0) is None
    assert told(15_000, 20.0) is None


def test_a_window_is_missed_by_what_would_have_to_be_added():
    assert told(9_000) == ("OUTSIDE_WINDOW", {"outside_s": 1_000.0, "at": "start"})
    assert told(19_995) == ("OUTSIDE_WINDOW", {"outside_s": 5.0, "at": "end"})
    long = rule_out(replace(chance(9_000), end_s=21_000.0), 10.0, LIMITS)
    assert (long.figures["outside_s"], long.figures["at"]) == (1_000.0, "both")


def test_a_look_is_too_steep_or_too_flat():
    assert told(15_000, 25.0) == ("GEOMETRY", {"limit": "off_nadir", "found_deg": 25.0, "limit_deg": 20.0})
    assert told(15_000, 2.0) == ("GEOMETRY", {"limit": "least_off_nadir", "found_deg": 2.0, "limit_deg": 5.0})


def test_a_chance_that_misses_two_limits_is_no_help():
    one = rule_out(chance(30_000), 25.0, LIMITS)
    assert (one.code, one.chance) == ("OUTSIDE_WINDOW", None)


@given(st.lists(st.tuples(st.floats(2_000.0, 200_000.0), st.floats(0.0, 30.0)), min_size=1, max_size=8))
def test_doing_what_helps_lets_in_as_many_chances_as_were_told(looks: list[tuple[float, float]]):
    ruled_out = [rule_out(chance(start_s), off_nadir_deg, LIMITS) for start_s, off_nadir_deg in looks]
    excluded = tuple(one for one in ruled_out if one is not None)
    wanted = work("w")
    refusal = insert(type(wanted)("w", wanted.rank, (), "acme", excluded), (), RULES, 0.0).refusal
    for one in refusal.evidence["remedies"]:
        low, high = LIMITS.off_nadir_range
        more_s, at = 3_600.0 * one.get("hours", 0), one.get("at", "both")
        wider = Limits(
            LIMITS.start_s - more_s * (at != "end"),
            LIMITS.end_s + more_s * (at != "start"),
            (low, max(high, one.get("off_nadir_deg", 0))),
        )
        let_in = [look for look in looks if rule_out(chance(look[0]), look[1], wider) is None]
        already = [look for look in looks if rule_out(chance(look[0]), look[1], LIMITS) is None]
        assert len(let_in) - len(already) == one["chances"]
