"""What PostgreSQL lacks for CQL2, in its own language: the functions that `words.FUNCTIONS` gives to SQLite.

Folding follows the same tables as there: ICU makes letters small, and what full case folding does beyond that is
written out. Arithmetic that has no result, for which PostgreSQL ends the statement, gives NULL.
"""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection

from swath.store.words import FIRST_ACCENT

# How each function is written in SQL: arguments, result, and the expression on $1 and $2.
_PLAIN = """
swath_like(text, text) boolean: $1 LIKE $2
swath_start_of_day(date) timestamptz: $1::timestamp AT TIME ZONE 'UTC'
swath_end_of_day(date) timestamptz: ($1 + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 microsecond'
swath_array_contains(jsonb, jsonb) boolean: $1 @> $2
swath_array_containedby(jsonb, jsonb) boolean: $1 <@ $2
swath_array_equals(jsonb, jsonb) boolean: $1 @> $2 AND $1 <@ $2
swath_abs(float8) float8: abs($1)
swath_floor(float8) float8: floor($1)
swath_ceil(float8) float8: ceil($1)
swath_length(text) float8: char_length($1)
swath_duration_s(timestamptz, timestamptz) float8: extract(epoch FROM $2 - $1)
swath_area_km2(geometry) float8: ST_Area(ST_Segmentize(ST_CollectionExtract($1, 3), 0.1)::geography) / 1e6
swath_array_overlaps(jsonb, jsonb) boolean: EXISTS \
(SELECT jsonb_array_elements($1) INTERSECT SELECT jsonb_array_elements($2))
"""
# The same for arithmetic on two numbers; whatever has no finite result is NULL.
_ARITHMETIC = {
    "swath_add": "$1 + $2",
    "swath_subtract": "$1 - $2",
    "swath_multiply": "$1 * $2",
    "swath_divide": "$1 / $2",
    "swath_div": "trunc($1 / $2)",
    # By way of decimals, where a remainder is exact.
    "swath_mod": "mod($1::text::numeric, $2::text::numeric)::float8",
    "swath_power": "power($1, $2)",
}
_NO_RESULT = "numeric_value_out_of_range OR division_by_zero OR invalid_argument_for_power_function"


def install(connection: Connection) -> None:
    """Give a database the functions and the order of texts that compiled filters use; it needs PostGIS besides."""
    for statement in build_statements():
        connection.exec_driver_sql(statement)


def build_statements() -> Iterator[str]:
    """The statements that create them, each of which may be repeated."""
    yield 'CREATE COLLATION IF NOT EXISTS "BINARY" FROM "C"'
    for line in _PLAIN.strip().splitlines():
        head, _, body = line.partition(": ")
        name, _, result = head.rpartition(" ")
        yield _function(name, result, "sql", f"SELECT {body}")
    for name, body in _ARITHMETIC.items():
        yield _function(f"{name}(float8, float8)", "float8", "plpgsql", _guarded(body))
    yield _function("swath_strip_accents(text)", "text", "sql", _strip_accents())
    yield _function("swath_fold_case(text)", "text", "plpgsql", _fold_case())


def _function(signature: str, result: str, language: str, body: str) -> str:
    # The driver takes a single per cent sign for the beginning of a parameter.
    text = body.replace("%", "%%")
    return (
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS {result} LANGUAGE {language}"
        f" IMMUTABLE STRICT PARALLEL SAFE AS $body$ {text} $body$"
    )


def _guarded(body: str) -> str:
    # A result too close to zero is out of range too, and only the message tells it from one that is too large.
    odd = "CASE WHEN SQLERRM LIKE '%underflow%' THEN 0 END"
    return f"BEGIN RETURN {body}; EXCEPTION WHEN {_NO_RESULT} THEN RETURN {odd}; END"


def _strip_accents() -> str:
    accents = "".join(
        _ranges(code for code in _letters() if unicodedata.combining(chr(code)) >= FIRST_ACCENT)
    )
    return f"SELECT normalize(regexp_replace(normalize($1, NFD), '[{accents}]', '', 'g'), NFC)"


def _fold_case() -> str:
    folded = find_foldings()
    small, large = _array(folded), _array(folded.values())
    return f"""
        DECLARE
            found text := lower($1 COLLATE "und-x-icu");
            before CONSTANT text[] := {small};
            after CONSTANT text[] := {large};
        BEGIN
            IF found ~ '[^\\x01-\\x7f]' THEN
                FOR i IN 1..array_length(before, 1) LOOP
                    found := replace(found, before[i], after[i]);
                END LOOP;
            END IF;
            RETURN found;
        END"""


def find_foldings() -> Mapping[str, str]:
    """What full case folding makes of small letters that it does not leave alone: `ß` becomes `ss`."""
    small = (chr(code) for code in _letters() if chr(code).lower() == chr(code))
    return {letter: letter.casefold() for letter in small if letter.casefold() != letter}


def _letters() -> Iterator[int]:
    """All code points but NUL and the halves of surrogate pairs, which no text holds."""
    yield from range(1, 0xD800)
    yield from range(0xE000, sys.maxunicode + 1)


def _ranges(codes: Iterable[int]) -> Iterator[str]:
    """Code points, in order, as they stand in the brackets of a regular expression."""
    first = last = -2
    for code in codes:
        if code != last + 1:
            yield _range(first, last)
            first = code
        last = code
    yield _range(first, last)


def _range(first: int, last: int) -> str:
    return f"\\U{first:08x}-\\U{last:08x}" if first >= 0 else ""


def _array(texts: Iterable[str]) -> str:
    return "ARRAY[" + ",".join(f"'{text}'" for text in texts) + "]"
