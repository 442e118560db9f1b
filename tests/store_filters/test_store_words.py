"""The functions that compiled filters use give the same on every database, for every letter and for odd numbers."""

import sys
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import Engine, Float, String, func, literal, select

from swath.store import words
from swath.store.postgres import build_statements, find_foldings

LETTERS = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
# Unicode grows by letters every year, and ICU and Python are not of one year.
SETTLED = [letter for letter in LETTERS if ord(letter) < 0x1_0000 and letter.isprintable()]
NUMBERS = (0.0, 1.0, -1.0, 2.5, -2.5, 7.0, -7.0, 0.125)
# The remainder of a number with more than fifteen digits is not told: decimals and doubles part there.
LARGE = (1e308, -1e308)


def test_postgresql_is_given_every_function() -> None:
    statements = "\n".join(build_statements())
    for name in words.FUNCTIONS:
        assert f"FUNCTION {name}(" in statements


def test_small_letters_and_the_table_are_full_case_folding() -> None:
    table: Mapping[int, str] = str.maketrans(dict(find_foldings()))
    assert [letter for letter in LETTERS if letter.lower().translate(table) != letter.casefold()] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [("swath_fold_case", words.fold_case), ("swath_strip_accents", words.strip_accents)],
)
def test_letters_are_folded_alike(engine: Engine, name: str, expected: Callable[[str], str]) -> None:
    with engine.connect() as connection:
        for at in range(0, len(SETTLED), 500):
            # Apart from each other, so that no mark joins the letter before it.
            text = " ".join(SETTLED[at : at + 500])
            found = connection.scalar(select(getattr(func, name)(literal(text, String))))
            assert found == expected(text)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "div", "mod", "power"])
def test_numbers_are_reckoned_alike(engine: Engine, name: str) -> None:
    compute = words.FUNCTIONS[f"swath_{name}"][1]
    call = getattr(func, f"swath_{name}")
    numbers = NUMBERS if name == "mod" else (*NUMBERS, *LARGE)
    with engine.connect() as connection:
        for left in numbers:
            for right in numbers:
                found = connection.scalar(select(call(literal(left, Float), literal(right, Float))))
                assert found == pytest.approx(compute(left, right)), (left, right)
