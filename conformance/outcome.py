"""What the outside programs print, read as numbers. What cannot be read has failed: no program passes by silence."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

COUNTS = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?")
CASES = re.compile(
    r"(\d+) generated, (?:(\d+) found (\d+) unique failures?|(\d+) passed)(?:, (\d+) skipped)?"
)
ERRORS = re.compile(r"^Errors:\n((?: +.+\n)+)", re.MULTILINE)
TESTED = re.compile(r"Selected: (\d+)/\d+\s+Tested: (\d+)")
STUBBED = re.compile(r'"STUBBED": \[(.*?)\]', re.DOTALL)

FORGERIES = re.compile(r"(\d+) forgeries: (\d+) let in, (\d+) answered 5xx, (\d+) addresses of ours fetched")
FRACTIONS = re.compile(r"^\w+: (\d+)/(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """How a suite ended; `note` says why something was skipped or could not be read."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Ended:
    """A program that has ended: what it printed on both channels, its exit code, and how long it took."""

    text: str
    code: int
    seconds: float


Reader = Callable[[Ended], Outcome]


def judge(ended: Ended, read: Reader) -> Outcome:
    """What a reader makes of a program's words, if its exit code says the same and anything was tested at all."""
    outcome = replace(read(ended), seconds=ended.seconds)
    if outcome.failed:
        return outcome
    if ended.code:
        return replace(outcome, failed=1, note=f"ended with exit code {ended.code}")
    if not outcome.passed:
        return replace(outcome, failed=1, note="tested nothing")
    return outcome


def read_counts(ended: Ended) -> Outcome:
    """The last "N passed, N failed[, N skipped]"."""
    found = COUNTS.findall(ended.text)
    if not found:
        return Outcome(failed=1, note="printed no counts")
    return Outcome(*(int(number or 0) for number in found[-1]))


def read_fractions(ended: Ended) -> Outcome:
    """The sum of all "what: 3/4"."""
    found = [(int(held), int(of)) for held, of in FRACTIONS.findall(ended.text)]
    held = sum(number for number, _ in found)
    return Outcome(held, sum(of for _, of in found) - held)


def read_forgeries(ended: Ended) -> Outcome:
    """Forgeries that were refused, and those that were not."""
    found = FORGERIES.search(ended.text)
    if found is None:
        return Outcome(failed=1, note="printed no counts")
    tried, let_in, broken, fetched = map(int, found.groups())
    return Outcome(tried - let_in - broken, let_in + broken + fetched)


def read_schemathesis(ended: Ended) -> Outcome:
    """Test cases and unique failures; errors of its own and operations that it did not test are failures too."""
    cases, tested = CASES.search(ended.text), TESTED.search(ended.text)
    if cases is None or tested is None:
        return Outcome(failed=1, note="printed no summary")
    generated, failing, failures, _, skipped = (int(number or 0) for number in cases.groups())
    faults = {
        "operations were not tested": int(tested[1]) - int(tested[2]),
        "errors of its own": sum(map(int, _list_errors(ended.text))),
    }
    note = next((f"{number} {what}" for what, number in faults.items() if number), "")
    return Outcome(generated - failing - skipped, failures + sum(faults.values()), skipped, note)


def _list_errors(text: str) -> Iterator[str]:
    """How many there are of each kind."""
    for told in ERRORS.findall(text):
        yield from re.findall(r": (\d+)$", told, re.MULTILINE)


def read_stac_api_validator(ended: Ended) -> Outcome:
    """Passed is the line "Errors: none" and no class that ended with "Failed.": the exit code is 0 anyhow."""
    validated = ended.text.count("conformance class.")
    broken = len(re.findall(r"^Failed", ended.text, re.MULTILINE))
    _, _, errors = ended.text.partition("\nErrors:")
    if re.match(r"\s*none", errors) and not broken:
        return _with_stubs(ended, Outcome(passed=validated))
    return Outcome(validated, max(1, len(re.findall(r"^- \[", errors, re.MULTILINE)) + broken))


def read_stac_schemas(ended: Ended) -> Outcome:
    """Counts, and as skipped the schemas that were not at hand."""
    return _with_stubs(ended, read_counts(ended))


def _with_stubs(ended: Ended, outcome: Outcome) -> Outcome:
    stubbed = {url for listed in STUBBED.findall(ended.text) for url in re.findall(r'"([^"]+)"', listed)}
    if not stubbed:
        return outcome
    return replace(outcome, skipped=len(stubbed), note="schemas that are not at hand")
