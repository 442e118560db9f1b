"""What the outside programs print is read as the numbers that they mean, and silence is never taken for success.

The texts are what the programs printed, shortened.
"""

import pytest

from conformance.outcome import (
    Ended,
    Outcome,
    Reader,
    judge,
    read_counts,
    read_forgeries,
    read_fractions,
    read_schemathesis,
    read_stac_api_validator,
)

SCHEMATHESIS = """
API Operations:
  Selected: 37/37
  Tested: {tested}

Test cases:
  {cases}

Seed: 171401023314453030837812324361096837655
"""
VALIDATOR = """
INFO:stac_api_validator.validations:Validating STAC API - Item Search conformance class.
INFO:stac_api_validator.validations:STAC API - Item Search - Sort extension conformance class found.
{failed}
Warnings:
- [Features] : GET http://127.0.0.1:8000/ has these stac-check recommendations: [] none
Errors:{errors}
SCHEMAS {{"from_files": 12, "STUBBED": [{stubbed}]}}
"""


def outcome_of(read: Reader, text: str, code: int = 0) -> Outcome:
    return judge(Ended(text, code, 1.5), read)


def counts_of(read: Reader, text: str, code: int = 0) -> tuple[int, int, int]:
    outcome = outcome_of(read, text, code)
    return outcome.passed, outcome.failed, outcome.skipped


@pytest.mark.parametrize(
    "text,counts",
    [
        ("616 passed, 0 failed, 0 skipped", (616, 0, 0)),
        ("353 passed, 0 failed  (6.1 s, lang=cql2-text)", (353, 0, 0)),
        ("ok 1 passed, 0 failed\n2 passed, 3 failed, 1 skipped\n", (2, 3, 1)),
    ],
)
def test_the_last_counts_are_the_ones_that_count(text: str, counts: tuple[int, int, int]) -> None:
    assert counts_of(read_counts, text) == counts


def test_how_long_it_took_is_kept() -> None:
    assert outcome_of(read_counts, "1 passed, 0 failed").seconds == 1.5


@pytest.mark.parametrize(
    "read",
    [read_counts, read_fractions, read_forgeries, read_schemathesis, read_stac_api_validator],
    ids=lambda read: read.__name__,
)
@pytest.mark.parametrize("text", ["", "Traceback (most recent call last):\nConnectionError", "All good!"])
def test_a_program_that_says_no_numbers_has_failed(read: Reader, text: str) -> None:
    assert outcome_of(read, text).failed


def test_a_program_that_tested_nothing_has_failed() -> None:
    assert outcome_of(read_counts, "0 passed, 0 failed, 7 skipped").note == "tested nothing"


def test_good_numbers_do_not_make_up_for_a_bad_exit_code() -> None:
    outcome = outcome_of(read_counts, "9 passed, 0 failed", code=139)
    assert (outcome.passed, outcome.failed, outcome.note) == (9, 1, "ended with exit code 139")


def test_fractions_are_added() -> None:
    assert counts_of(read_fractions, "ok  authlib\nclients: 5/5\nFAIL no-store\nrules: 13/14", 1) == (
        18,
        1,
        0,
    )


@pytest.mark.parametrize(
    "text,counts",
    [
        ("64 forgeries: 0 let in, 0 answered 5xx, 0 addresses of ours fetched", (64, 0, 0)),
        ("64 forgeries: 5 let in, 1 answered 5xx, 2 addresses of ours fetched", (58, 8, 0)),
    ],
)
def test_a_forgery_passes_when_it_is_refused(text: str, counts: tuple[int, int, int]) -> None:
    assert counts_of(read_forgeries, text) == counts


@pytest.mark.parametrize(
    "cases,counts",
    [
        ("2452 generated, 2452 passed", (2452, 0, 0)),
        ("2452 generated, 2438 passed, 14 skipped", (2438, 0, 14)),
        ("2452 generated, 14 found 12 unique failures, 14 skipped", (2424, 12, 14)),
        ("430 generated, 1 found 1 unique failure", (429, 1, 0)),
    ],
)
def test_schemathesis_counts_cases_and_unique_failures(cases: str, counts: tuple[int, int, int]) -> None:
    assert counts_of(read_schemathesis, SCHEMATHESIS.format(tested=37, cases=cases)) == counts


def test_schemathesis_fails_for_operations_that_it_could_not_test() -> None:
    outcome = outcome_of(read_schemathesis, SCHEMATHESIS.format(tested=13, cases="66 generated, 66 passed"))
    assert (outcome.failed, outcome.note) == (24, "24 operations were not tested")


def test_schemathesis_fails_for_errors_of_its_own() -> None:
    """It has given up on an operation then."""
    errors = "\nErrors:\n  🚫 Runtime Error: 2\n  🚫 Network Error: 1\n"
    text = errors + SCHEMATHESIS.format(tested=37, cases="66 generated, 66 passed")
    outcome = outcome_of(read_schemathesis, text, 1)
    assert (outcome.failed, outcome.note) == (3, "3 errors of its own")


def test_stac_api_validator_passes_by_its_line_and_tells_what_it_did_not_look_at() -> None:
    text = VALIDATOR.format(failed="", errors=" none", stubbed='"https://stac-extensions.github.io/eo"')
    outcome = outcome_of(read_stac_api_validator, text)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (1, 0, 1)
    assert "not at hand" in outcome.note


@pytest.mark.parametrize(
    "failed,errors,count",
    [
        ("", "\n- [Item Search] : GET was 400\n- [Filter Ext] : POST was 400", 2),
        # One slow answer ends a class, and the validator counts no error.
        ("Failed.", " none", 1),
        ("", "", 1),
    ],
)
def test_stac_api_validator_fails_whatever_its_exit_code(failed: str, errors: str, count: int) -> None:
    text = VALIDATOR.format(failed=failed, errors=errors, stubbed="")
    assert outcome_of(read_stac_api_validator, text).failed == count
