"""Every outside suite and client against a server with realistic data: `make conformance`, or `python -m conformance`.

Ends with one table. Exit codes: 0 nothing failed, 1 something did, 2 wrong use.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from conformance.documents import save_documents
from conformance.filling import fill
from conformance.outcome import Outcome
from conformance.place import Place
from conformance.programme import choose
from conformance.suite import Suite, run_suite
from conformance.table import add, print_table
from conformance.target import Target, running_target
from swath.client import Swath


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names; the exit code."""
    options = _read_options(arguments)
    folder = options.logs or Path(tempfile.mkdtemp(prefix="swath-conformance-"))
    folder.mkdir(parents=True, exist_ok=True)
    with running_target(folder) as target:
        _prepare(target, folder)
        outcomes = {suite.name: _run(suite, Place(target, folder)) for suite in options.only}
        if options.keep:
            _wait(target)
    print_table(outcomes)
    print(f"What each of them said is in {folder}")
    return int(add(outcomes).failed > 0)


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m conformance", description="Outside suites and clients against swath."
    )
    parser.add_argument(
        "--only", type=_suites, default=choose(()), metavar="stac,GDAL", help="groups or names of suites"
    )
    parser.add_argument(
        "--logs", type=Path, metavar="DIR", help="where the logs go; a new folder unless given"
    )
    parser.add_argument("--keep", action="store_true", help="let the server run on at the end, until ctrl-C")
    return parser.parse_args(arguments)


def _suites(text: str) -> list[Suite]:
    try:
        return choose([name.strip() for name in text.split(",") if name.strip()])
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _prepare(target: Target, folder: Path) -> None:
    started = time.monotonic()
    _say("filling a server with plans, requests and items")
    with Swath(target.url, target.client_id, target.client_secret) as service:
        fill(service, target.add_fault, _say)
        save_documents(target, service, folder)
    _say(f"  in {time.monotonic() - started:.0f} s")


def _run(suite: Suite, place: Place) -> Outcome:
    _say(f"{suite.name} ...")
    outcome = run_suite(suite, place)
    _say(f"  {outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped {outcome.note}")
    return outcome


def _wait(target: Target) -> None:
    _say(f"The server runs at {target.url}, and at {target.proxy} for programs that send no token.")
    _say("A customer's token, and under it mission control's, which also opens the door of administration:")
    print(target.token, target.operator, sep="\n", flush=True)
    try:
        while True:
            time.sleep(60)
    except KeyboardInterrupt:
        _say("ending")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
