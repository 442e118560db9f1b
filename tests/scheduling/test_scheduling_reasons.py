"""What is told to those who get no place: why, and what would help."""

import json
from dataclasses import replace

import pytest
from tests.scheduling.scheduling_world import RULES, chance, emergency, placed, wish, work

from swath.scheduling import Excluded, insert, without_remedies

NOW = 0.0


class TestReasons:
    def test_work_without_a_chance_has_no_access(self):
        assert insert(work("w"), (), RULES, NOW).refusal.code == "NO_ACCESS"

    def test_a_chance_of_a_satellite_that_left_the_fleet_is_no_access(self):
        refusal = insert(work("w", chance(10_000, satellite="GONE")), (), RULES, NOW).refusal
        assert refusal.code == "NO_ACCESS"

    def test_a_missed_deadline_says_by_how_much(self):
        refusal = insert(work("w", chance(10_000, uplink_by=8_000.0)), (), RULES, 8_600.0).refusal
        assert refusal.evidence["missed_by_s"] == 600.0
        assert refusal.evidence["uplink_by"] == "1970-01-01T02:13:20.000Z"
        assert "10 minutes ago" in refusal.message

    def test_a_conflict_says_how_many_seconds_are_missing(self):
        there = placed(work("there", chance(10_000, roll=0.0)))
        refusal = insert(work("w", chance(10_020, roll=15.0)), [there], RULES, NOW).refusal
        assert refusal.code == "CONFLICT"
        assert refusal.evidence["missing_s"] == pytest.approx(6.0)
        assert refusal.evidence["blockers"] == 1

    def test_seconds_beside_others_work_are_told_so_coarsely_that_they_do_not_locate_it(self):
        there = placed(work("there", chance(10_000, roll=0.0), owner="rival"))
        told = {
            insert(work("w", chance(10_020 + s / 4, roll=15.0)), [there], RULES, NOW).refusal.message
            for s in range(20)
        }
        assert len(told) == 1
        refusal = insert(work("w", chance(10_020, roll=15.0)), [there], RULES, NOW).refusal
        assert refusal.evidence["missing_s"] == 10.0
        (finding,) = refusal.findings
        assert finding.figures["missing_s"] == pytest.approx(6.0), "mission control is told"
        assert finding.chance == chance(10_020, roll=15.0)

    def test_what_nobody_can_do_any_more_is_left_out(self):
        mine = placed(work("mine", chance(10_000)))
        for there in ((mine,), (placed(work("frozen", chance(10_000)), frozen=True),)):
            refusal = insert(work("w", chance(10_000)), there, RULES, NOW).refusal
            message, evidence = without_remedies(refusal.message, refusal.evidence)
            assert message.endswith("to turn and settle, and has its commands for that already.") or (
                message.endswith("are missing to turn and settle.")
            )
            assert evidence == {**refusal.evidence, "remedies": []}

    def test_a_higher_class_in_the_way_is_said_so(self):
        there = placed(work("there", chance(10_000)))
        refusal = insert(wish("w", chance(10_000)), [there], RULES, NOW).refusal
        assert refusal.code == "LOWER_VALUE"
        assert "of a higher class" in refusal.message

    def test_the_reason_is_that_of_the_chance_that_came_nearest(self):
        there = [
            placed(work("commanded", chance(10_000)), frozen=True),
            placed(work("open", chance(20_000))),
        ]
        tried = work("w", chance(10_000), chance(20_000), chance(30_000, uplink_by=-1.0))
        refusal = insert(tried, there, RULES, NOW).refusal
        assert refusal.code == "CONFLICT"
        codes = {c["start"]: c["code"] for c in refusal.evidence["chances"]}
        assert list(codes.values()).count("FROZEN") == 1
        assert list(codes.values()).count("UPLINK_DEADLINE") == 1

    @pytest.mark.parametrize("frozen", [False, True])
    def test_others_are_neither_named_nor_located(self, frozen: bool):
        secret = placed(work("secret-request", chance(10_004.321, roll=7.77), owner="rival"), frozen=frozen)
        refusal = insert(work("w", chance(10_000)), [secret], RULES, NOW).refusal
        told = refusal.message + json.dumps(refusal.evidence)
        for hint in ("secret-request", "rival", "7.77", "4.321", "14.321"):
            assert hint not in told

    def test_ones_own_requests_are_named(self):
        there = placed(work("mine", chance(10_000), owner="acme"))
        refusal = insert(work("w", chance(10_000), owner="acme"), [there], RULES, NOW).refusal
        assert refusal.evidence["own_requests"] == ["mine"]

    def test_the_operator_is_told_all_names(self):
        secret = placed(work("secret-request", chance(10_004), owner="rival"))
        refusal = insert(work("w", chance(10_000)), [secret], RULES, NOW).refusal
        (finding,) = refusal.findings
        assert finding.blockers == (("secret-request", "rival", False),)

    def test_of_several_in_the_way_all_are_named(self):
        there = [placed(work(name, chance(10_000 + 16 * n))) for n, name in enumerate("abc")]
        refusal = insert(work("w", chance(10_005, seconds=30.0)), there, RULES, NOW).refusal
        assert sorted(blocker.work for blocker in refusal.findings[0].blockers) == ["a", "b", "c"]
        assert refusal.evidence["blockers"] == 3

    def test_of_a_full_orbit_as_few_are_named_as_would_do(self):
        lengths = {"short": 10.0, "long": 25.0, "middle": 20.0}
        orbit = [
            placed(work(name, chance(12_000 + 100 * n, seconds=s)))
            for n, (name, s) in enumerate(lengths.items())
        ]
        refusal = insert(work("w", chance(13_000, seconds=25.0)), orbit, RULES, NOW).refusal
        assert [blocker.work for blocker in refusal.findings[0].blockers] == ["long"]

    def test_a_capture_that_is_too_long_alone_is_said_to_be(self):
        there = placed(work("there", chance(12_000)))
        refusal = insert(work("w", chance(12_500, seconds=61.0)), [there], RULES, NOW).refusal
        assert refusal.evidence["never_fits"] is True
        assert refusal.findings[0].blockers == ()
        assert "alone is more than" in refusal.message

    def test_captures_that_were_ruled_out_before_give_the_reason_when_there_are_no_others(self):
        outside = Excluded("OUTSIDE_WINDOW", "A", 90_000.0, {"outside_s": 5_400.0, "at": "end"})
        refusal = insert(replace(work("w"), excluded=(outside,)), (), RULES, NOW).refusal
        assert refusal.code == "OUTSIDE_WINDOW"
        assert "the nearest by 1.5 h" in refusal.message
        low = Excluded(
            "GEOMETRY", "A", 90_000.0, {"limit": "sun_elevation", "found_deg": 4.2, "limit_deg": 10.0}
        )
        refusal = insert(replace(work("w"), excluded=(low,)), (), RULES, NOW).refusal
        assert refusal.code == "GEOMETRY"
        assert "sun elevation would be 4.2 degrees, the limit is 10." in refusal.message

    def test_of_captures_that_were_ruled_out_the_nearest_is_told(self):
        steep = [
            Excluded("GEOMETRY", "A", 1.0, {"limit": "off_nadir", "found_deg": found, "limit_deg": 20.0})
            for found in (29.0, 21.5, 25.0)
        ]
        refusal = insert(replace(work("w"), excluded=tuple(steep)), (), RULES, NOW).refusal
        assert refusal.evidence["found_deg"] == 21.5


class TestRemedies:
    def remedies(self, some, there):
        refusal = insert(some, there, RULES, NOW).refusal
        for one in refusal.evidence["remedies"]:
            assert one["message"] in refusal.message
        return {one["do"]: one for one in refusal.evidence["remedies"]}

    @pytest.mark.parametrize("frozen", [False, True])
    def test_asking_as_an_emergency_is_advised_where_it_helps(self, frozen: bool):
        there = placed(work("there", chance(10_000)), frozen=frozen)
        assert ("ASK_AS_EMERGENCY" in self.remedies(work("w", chance(10_000)), [there])) is not frozen

    def test_an_emergency_is_not_advised_to_be_one(self):
        there = placed(emergency("there", chance(10_000), owner="rival"))
        assert self.remedies(emergency("e", chance(10_000)), [there]) == {}

    def test_canceling_ones_own_request_in_the_way_is_advised(self):
        mine = placed(work("mine", chance(10_000)))
        theirs = placed(work("theirs", chance(20_000), owner="rival"))
        remedies = self.remedies(work("w", chance(10_000), chance(20_000)), [mine, theirs])
        assert remedies["CANCEL"]["request"] == "mine"

    def test_canceling_is_not_advised_when_it_would_not_do_or_is_too_late(self):
        mine = placed(work("mine", chance(10_000)))
        theirs = placed(work("theirs", chance(10_030), owner="rival"))
        assert "CANCEL" not in self.remedies(work("w", chance(10_015)), [mine, theirs])
        commanded = placed(work("mine", chance(10_000)), frozen=True)
        assert "CANCEL" not in self.remedies(work("w", chance(10_000)), [commanded])

    def test_a_window_longer_by_so_many_hours_is_advised(self):
        there = [placed(work("there", chance(10_000))), placed(work("later", chance(31_000)))]
        wanted = work("w", chance(10_000))
        outside = tuple(
            Excluded("OUTSIDE_WINDOW", "A", float(t), {"outside_s": t - 10_010.0, "at": "end"}, chance(t))
            for t in (31_000, 31_500, 31_600, 60_000)
        )
        remedies = self.remedies(replace(wanted, excluded=outside), there)
        assert (remedies["WIDEN_WINDOW"]["hours"], remedies["WIDEN_WINDOW"]["chances"]) == (6, 2)
        assert "6 h more of window gives 2 more chances (at its end)" in remedies["WIDEN_WINDOW"]["message"]

    def test_a_look_further_from_nadir_is_advised(self):
        steep = Excluded(
            "GEOMETRY",
            "A",
            20_000.0,
            {"limit": "off_nadir", "found_deg": 27.3, "limit_deg": 20.0},
            chance(20_000, roll=27.3),
        )
        remedies = self.remedies(replace(work("w"), excluded=(steep,)), ())
        assert remedies["ALLOW_OFF_NADIR"]["off_nadir_deg"] == 28
