"""Element sets: every way of writing them gives the same value, and what is wrong is told with its place."""

import csv
import io
import json
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sgp4 import omm as sgp4_omm
from sgp4.api import WGS72, Satrec

from swath.errors import Malformed
from swath.orbit.elements import (
    Elements,
    elements_age,
    from_omm,
    parse_elements,
    parse_tle,
    satrec,
    to_omm,
)
from swath.orbit.tle import compute_checksum

NAME = "GRUS-1A"
LINE1 = "1 43890U 18111Q   26234.26346201  .00000108  00000+0  13568-4 0  9992"
LINE2 = "2 43890  97.4441  98.4210 0006513 309.7616  50.3034 14.98828504417608"
TLE = f"{NAME}\n{LINE1}\n{LINE2}\n"
GRUS = parse_tle(TLE)[0]
BUNDLED = (Path(__file__).parents[2] / "src/swath/fleet/data/grus_elements.txt").read_text()


def changed(line: str, column: int, text: str) -> str:
    """An element line with other characters from a column (from 1) on, and the checksum put right."""
    line = line[: column - 1] + text + line[column - 1 + len(text) :]
    return line[:68] + str(compute_checksum(line))


def refusal(text: str) -> str:
    with pytest.raises(Malformed) as caught:
        parse_elements(text)
    return str(caught.value)


# Two-line element sets


def test_every_field_is_read_from_its_columns():
    assert (
        Elements(
            name="GRUS-1A",
            norad_id=43890,
            designator="2018-111Q",
            epoch=datetime(2026, 8, 22, 6, 19, 23, 117664, tzinfo=UTC),
            mean_motion=14.98828504,
            eccentricity=0.0006513,
            inclination_deg=97.4441,
            raan_deg=98.4210,
            arg_perigee_deg=309.7616,
            mean_anomaly_deg=50.3034,
            bstar=0.13568e-4,
            mean_motion_dot=0.00000108,
            mean_motion_ddot=0.0,
            rev_at_epoch=41760,
            element_set_no=999,
            ephemeris_type=0,
            classification="U",
        )
        == GRUS
    )


def test_the_epoch_keeps_every_digit():
    day = (GRUS.epoch - datetime(2026, 1, 1, tzinfo=UTC)) / timedelta(days=1) + 1
    assert f"{day:.8f}" == "234.26346201"


@pytest.mark.parametrize(
    "text",
    [
        f"{LINE1}\n{LINE2}",
        f"0 {NAME}\n{LINE1}\n{LINE2}",
        f"# a comment\n\n{NAME}\r\n{LINE1}\r\n{LINE2}\r\n\r\n",
        f"  # another\n{NAME}   \n{LINE1}  \n\n{LINE2}\n",
        f"\ufeff{TLE}",
    ],
)
def test_two_and_three_lines_comments_and_blank_lines(text: str):
    (found,) = parse_elements(text)
    assert replace(found, name=NAME) == GRUS


def test_a_set_without_a_name_is_called_by_its_number():
    assert parse_tle(f"{LINE1}\n{LINE2}")[0].name == "43890"


def test_the_bundled_sets_are_all_read():
    assert [e.name for e in parse_tle(BUNDLED)] == [
        *(f"GRUS-1{x}" for x in "ABCDE"),
        "GRUS-3A",
        "GRUS-3ALPHA",
        *(f"GRUS-3{x}" for x in "BCDEFG"),
    ]


@pytest.mark.parametrize(("year", "full"), [("57", 1957), ("99", 1999), ("00", 2000), ("56", 2056)])
def test_two_digit_years_turn_in_1957(year: str, full: int):
    text = f"{changed(LINE1, 19, year + '300.00000000')}\n{LINE2}"
    assert parse_tle(text)[0].epoch.year == full


def test_alpha_5_numbers():
    lines = changed(LINE1, 3, "B1234"), changed(LINE2, 3, "B1234")
    assert parse_tle("\n".join(lines))[0].norad_id == 111_234


def test_leading_signs_and_powers():
    line = changed(changed(changed(LINE1, 34, "-.00000108"), 45, "-12345-3"), 54, " 67890+1")
    found = parse_tle(f"{line}\n{LINE2}")[0]
    assert (found.mean_motion_dot, found.mean_motion_ddot, found.bstar) == (-1.08e-6, -0.12345e-3, 6.7890)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{NAME}\n\n{LINE1[:68]}3\n{LINE2}", "line 3, column 69: checksum is 3, the digits sum to 2"),
        (f"{LINE1[:68]}\n{LINE2}", "line 1, column 69: the line has 68 characters; it takes 69"),
        (f"{LINE1}0\n{LINE2}", "line 1, column 70: the line has 70 characters; it takes 69"),
        (f"{LINE1}\n{LINE2[:30]}", "line 2, column 31: the line has 30 characters; it takes 69"),
        (
            f"{LINE1}\n{changed(LINE2, 3, '43891')}",
            "line 2, column 3: catalogue number is '43891', line 1 has '43890'",
        ),
        (f"{NAME}\n{LINE2}\n{LINE1}", "line 2, column 1: expected line 1"),
        (f"{LINE2}\n{LINE1}", "line 1, column 1: a line 2 stands without its line 1"),
        (f"{LINE1}\n{LINE1}", "line 2, column 1: expected line 2"),
        (f"{NAME}\n{LINE1}", "line 2, column 1: the text ends where line 2"),
        (f"{TLE}{NAME}", "line 4, column 1: the text ends where line 1"),
        (f"one\ntwo\n{LINE1}\n{LINE2}", "line 2, column 1: expected line 1"),
        ("", "no element set"),
        ("# nothing here\n", "no element set"),
        (f"{LINE1.replace('U', 'Ü')}\n{LINE2}", "line 1, column 8: element lines hold ASCII"),
        (
            f"{changed(LINE1, 3, 'I1234')}\n{changed(LINE2, 3, 'I1234')}",
            "line 1, column 3: 'I1234' is not a catalogue",
        ),
        (f"{changed(LINE1, 19, '2X')}\n{LINE2}", "line 1, column 19: '2X' is not a whole number"),
        (f"{changed(LINE1, 21, '366.00000000')}\n{LINE2}", "line 1, column 21: day of the year is 366"),
        (f"{changed(LINE1, 21, '000.50000000')}\n{LINE2}", "line 1, column 21: day of the year is 0.5"),
        (f"{changed(LINE1, 34, '       nan')}\n{LINE2}", "line 1, column 34: '       nan' is not a decimal"),
        (f"{changed(LINE1, 54, ' 1356e-4')}\n{LINE2}", "line 1, column 54: ' 1356e-4' is not of the form"),
        (f"{LINE1}\n{changed(LINE2, 9, ' 97 4441')}", "line 2, column 9: ' 97 4441' is not a decimal"),
        (
            f"{LINE1}\n{changed(LINE2, 9, '197.4441')}",
            "lines 1 and 2: inclination is 197.444; it takes 0 to 180",
        ),
        (f"{LINE1}\n{changed(LINE2, 27, '00065-3')}", "line 2, column 27: '00065-3' is not a whole number"),
        (
            f"{LINE1}\n{changed(LINE2, 53, '18.98828504')}",
            "lines 1 and 2: mean motion is 18.9883; it takes above 0",
        ),
        (f"{LINE1}\n{changed(LINE2, 53, '00.00000000')}", "mean motion is 0; it takes above 0, below 18"),
        (f"{changed(LINE1, 63, '4')}\n{LINE2}", "SGP4-XP"),
        (
            f"{changed(LINE1, 19, '57001.00000000')}\n{LINE2}",
            "epoch 1957-01-01T00:00:00+00:00 is not plausible",
        ),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(text: str, words: str):
    assert words in refusal(text)


def test_the_source_is_named():
    with pytest.raises(Malformed, match=r"^grus\.txt: line 1, column 69: checksum"):
        parse_tle(f"{LINE1[:68]}3\n{LINE2}", source="grus.txt")


def test_a_blank_checksum_is_refused():
    assert "69" in refusal(f"{LINE1[:68]} \n{LINE2}")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([0, 1]), st.integers(0, 67), st.characters(max_codepoint=0x2FF, exclude_characters="\r\n")
)
def test_any_one_changed_character_is_noticed_or_harmless(line: int, at: int, character: str):
    lines = [LINE1, LINE2]
    lines[line] = lines[line][:at] + character + lines[line][at + 1 :]
    try:
        found = parse_tle("\n".join(lines))
    except Malformed:
        return
    # Letters, blanks and dots do not count in a checksum; what passes must still be one element set.
    assert len(found) == 1


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_does_anything_but_read_or_refuse(text: str):
    with suppress(Malformed):
        parse_elements(text)


# OMM


def as_csv(record: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, record)
    writer.writeheader()
    writer.writerow(record)
    return out.getvalue()


def as_xml(record: dict[str, Any]) -> str:
    leaves = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in record.items())
    body = f"<omm><body><segment><data>{leaves}</data></segment></body></omm>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<ndm>{body}</ndm>'


def as_kvn(record: dict[str, Any]) -> str:
    lines = "\n".join(f"{key} = {value}" + " [deg]" * (key == "INCLINATION") for key, value in record.items())
    return f"CCSDS_OMM_VERS = 2.0\nCOMMENT made by hand\nORIGINATOR = 18 SPCS\n{lines}\n"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(to_omm(GRUS)),
        json.dumps([to_omm(GRUS)], indent=2),
        "\n " + json.dumps([{key: str(value) for key, value in to_omm(GRUS).items()}]),
        as_csv(to_omm(GRUS)),
        as_xml(to_omm(GRUS)),
        as_kvn(to_omm(GRUS)),
    ],
    ids=["object", "list", "numbers as text", "csv", "xml", "kvn"],
)
def test_every_form_of_omm_is_recognised_and_read(text: str):
    assert parse_elements(text) == (GRUS,)


def test_several_records_come_in_their_order():
    sets = parse_tle(BUNDLED)
    assert parse_elements(json.dumps([to_omm(e) for e in sets])) == sets
    kvn = "\n".join(as_kvn(to_omm(e)) for e in sets)
    assert parse_elements(kvn) == sets


angles = st.floats(0, 360, exclude_max=True)
element_sets = st.builds(
    Elements,
    name=st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=20),
    norad_id=st.integers(1, 999_999_999),
    designator=st.just("2018-111Q"),
    epoch=st.datetimes(datetime(1960, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    mean_motion=st.floats(10, 15),
    eccentricity=st.floats(0, 0.05),
    inclination_deg=st.floats(0, 180),
    raan_deg=angles,
    arg_perigee_deg=angles,
    mean_anomaly_deg=angles,
    bstar=st.floats(-1e-3, 1e-3),
    mean_motion_dot=st.floats(-1e-3, 1e-3),
    mean_motion_ddot=st.floats(-1e-5, 1e-5),
    rev_at_epoch=st.integers(0, 99_999),
)


@settings(max_examples=60, deadline=None)
@given(element_sets)
def test_omm_brings_back_the_very_same_value(elements: Elements):
    assert from_omm(to_omm(elements)) == elements
    assert from_omm(json.loads(json.dumps(to_omm(elements)))) == elements


def test_our_omm_is_what_sgp4s_own_reader_takes():
    theirs = Satrec()
    fields = {key: str(value) for key, value in to_omm(GRUS).items()}
    sgp4_omm.initialize(theirs, fields, WGS72)
    ours = satrec(GRUS)
    for name in ("no_kozai", "ecco", "inclo", "nodeo", "argpo", "mo", "bstar", "ndot", "nddot"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-13)


def test_omm_as_celestrak_sends_it():
    celestrak = {
        "OBJECT_NAME": "GRUS-1A", "OBJECT_ID": "2018-111Q", "EPOCH": "2026-08-22T06:19:23.117664",
        "MEAN_MOTION": 14.98828504, "ECCENTRICITY": 0.0006513, "INCLINATION": 97.4441, "RA_OF_ASC_NODE": 98.421,
        "ARG_OF_PERICENTER": 309.7616, "MEAN_ANOMALY": 50.3034, "EPHEMERIS_TYPE": 0, "CLASSIFICATION_TYPE": "U",
        "NORAD_CAT_ID": 43890, "ELEMENT_SET_NO": 999, "REV_AT_EPOCH": 41760, "BSTAR": 1.3568e-5,
        "MEAN_MOTION_DOT": 1.08e-6, "MEAN_MOTION_DDOT": 0,
    }  # fmt: skip
    assert from_omm(celestrak) == GRUS


@pytest.mark.parametrize(
    "epoch", ["2026-08-22T06:19:23.117664Z", "2026-234T06:19:23.117664", "2026-08-22T06:19:23.1176640"]
)
def test_other_ways_to_write_the_epoch(epoch: str):
    assert from_omm({**to_omm(GRUS), "EPOCH": epoch}) == GRUS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"EPOCH": "2026-08-22T06:19:23+09:00"}, "EPOCH is '2026-08-22T06:19:23+09:00'; expected a UTC time"),
        ({"EPOCH": "yesterday"}, "EPOCH is 'yesterday'"),
        ({"EPOCH": "2026-02-30T00:00:00"}, "EPOCH is '2026-02-30T00:00:00'"),
        ({"EPOCH": "2025-366T00:00:00"}, "EPOCH is '2025-366T00:00:00'"),
        ({"EPOCH": 20260822}, "EPOCH is '20260822'"),
        ({"EPOCH": None}, "EPOCH is missing"),
        ({"EPOCH": "2150-01-01T00:00:00"}, "not plausible"),
        ({"MEAN_MOTION": "fast"}, "MEAN_MOTION is 'fast'; expected a finite number"),
        ({"MEAN_MOTION": True}, "MEAN_MOTION is True; expected a finite number"),
        ({"MEAN_MOTION": [1]}, "MEAN_MOTION is [1]; expected a finite number"),
        ({"MEAN_MOTION": float("nan")}, "MEAN_MOTION is nan; expected a finite number"),
        ({"MEAN_MOTION": 10**400}, "expected a finite number"),
        ({"MEAN_MOTION": -1.0}, "mean motion is -1; it takes above 0, below 18"),
        ({"ECCENTRICITY": 1.0}, "eccentricity is 1; it takes 0 to below 1"),
        ({"INCLINATION": 180.1}, "inclination is 180.1; it takes 0 to 180 degrees"),
        ({"RA_OF_ASC_NODE": 720}, "right ascension of the node is 720; it takes 0 to 360 degrees"),
        ({"BSTAR": "inf"}, "BSTAR is 'inf'"),
        ({"NORAD_CAT_ID": 1.5}, "NORAD_CAT_ID is 1.5; expected a whole number"),
        ({"NORAD_CAT_ID": 0}, "catalogue number is 0; it takes 1 to 999999999"),
        ({"NORAD_CAT_ID": ""}, "NORAD_CAT_ID is missing"),
        ({"OBJECT_NAME": 7}, "OBJECT_NAME is 7; expected a text"),
        ({"REF_FRAME": "ICRF"}, "REF_FRAME is 'ICRF'; SGP4 takes TEME"),
        ({"MEAN_ELEMENT_THEORY": "SGP4-XP"}, "MEAN_ELEMENT_THEORY is 'SGP4-XP'; SGP4 takes SGP4"),
        ({"TIME_SYSTEM": "TAI"}, "TIME_SYSTEM is 'TAI'; SGP4 takes UTC"),
        ({"MEAN_MOTION": 17.9, "ECCENTRICITY": 0.0}, "SGP4 refuses the elements of GRUS-1A"),
    ],
)
def test_wrong_fields_are_named(change: dict[str, Any], words: str):
    with pytest.raises(Malformed) as caught:
        from_omm({**to_omm(GRUS), **change})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "no OMM record"),
        ("[1]", "OMM record 1: found int; expected an object"),
        ('[{"OBJECT_NAME": "X"}]', "OMM record 1: NORAD_CAT_ID is missing"),
        ('\n[{"OBJECT_NAME": ]', "line 2, column 18: the text is not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"MEAN_MOTION": ' + "1" * 10_000 + "}", "not JSON"),
        ("<ndm>", "line 1, column 6: the text is not XML"),
        ("<ndm></ndm>", "no OMM record"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><ndm>&a;</ndm>", "document type"),
        ("CCSDS_OMM_VERS = 2.0\nwhat is this\n", "line 2, column 1: expected `KEY = value`"),
        ("COMMENT hello\nOBJECT_NAME = X\n", "line 2, column 1: OBJECT_NAME stands before CCSDS_OMM_VERS"),
        ("CCSDS_OMM_VERS = 2.0\n", "OMM record 1: NORAD_CAT_ID is missing"),
        ("NORAD_CAT_ID,EPOCH\n", "no OMM record"),
        ('NORAD_CAT_ID,EPOCH\n1,"x', "not CSV"),
    ],
)
def test_broken_messages_are_told_where_they_break(text: str, words: str):
    assert words in refusal(text)


def test_age_is_counted_from_the_epoch():
    assert elements_age(GRUS, GRUS.epoch + timedelta(days=3)) == timedelta(days=3)
    assert elements_age(GRUS, GRUS.epoch - timedelta(hours=1)) == -timedelta(hours=1)


def test_elements_are_values():
    assert hash(GRUS) == hash(Elements(**asdict(GRUS)))
    with pytest.raises(AttributeError):
        GRUS.name = "other"  # type: ignore[misc]
