"""Columns of bytes: what they write is what Python writes, number by number."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swath.cli.access_text import FILLER, join_columns, pack, write_degrees, write_times

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROS = st.integers(-386_380_800_000_000, 4_102_444_800_000_000)
DEGREES = st.floats(-360, 360)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=9)


def text_of(rows: np.ndarray) -> list[str]:
    return [bytes(row[row != FILLER]).decode() for row in rows]


@given(st.lists(MICROS, min_size=1, max_size=20))
def test_times_are_iso_8601_with_microseconds(micros: list[int]) -> None:
    wanted = [
        (EPOCH + timedelta(microseconds=one)).isoformat(timespec="microseconds")[:26] + "Z" for one in micros
    ]
    assert text_of(write_times(np.array(micros))) == wanted


@given(st.lists(DEGREES, min_size=1, max_size=20))
def test_angles_have_six_decimals(values: list[float]) -> None:
    for text, value in zip(text_of(write_degrees(np.array(values))), values, strict=True):
        whole, decimals = text.removeprefix("-").split(".")
        assert len(decimals) == 6
        assert whole == str(int(whole))
        assert abs(float(text) - value) <= 0.500001e-6
        assert text != "-0.000000"


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=9))
def test_columns_stand_side_by_side(pairs: list[tuple[str, str]]) -> None:
    left, right = (pack(texts) for texts in zip(*pairs, strict=True))
    comma = np.frombuffer(b",", np.uint8)
    width = left.shape[1] + 1 + right.shape[1]
    assert join_columns([left, comma, right], len(pairs), width) == "".join(f"{a},{b}" for a, b in pairs)
