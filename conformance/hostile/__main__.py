"""Filters that no one should send, and some that anyone might: each must be answered 200 or 400, soon.

    python -m conformance.hostile [--count N] [--seed N] [--database-url URL]

Sends N filters of each kind to the test layers and prints, by kind, how they were answered and how long the slowest
took: by the clock, and in time of the processor. With the same seed the filters are the same.
"""

import argparse
import gc
import tempfile
from collections import Counter
from collections.abc import Sequence

from conformance.hostile.calls import Answer, Caller, send
from conformance.hostile.kinds import KINDS
from conformance.layers import build_app, fill, open_engine


def main() -> None:
    """Send them, and say how it went."""
    asked = _read_options()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(asked.database_url or f"sqlite:///{folder}/layers.db")
        caller = Caller(build_app(engine, list(fill(engine).values())))
        # As a server does once it has started: what will never go is not looked at again.
        gc.collect()
        gc.freeze()
        good = sum(_report(kind, list(send(caller, kind, asked.count, asked.seed))) for kind in KINDS)
        print(f"{good} passed, {asked.count * len(KINDS) - good} failed")
        caller.close()
        engine.dispose()


def _read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        "python -m conformance.hostile", description="Send hostile filters to the test layers."
    )
    options.add_argument("--count", type=int, default=1_000, help="of each kind")
    options.add_argument("--seed", type=int, default=4)
    options.add_argument("--database-url")
    return options.parse_args()


def _report(kind: str, answers: Sequence[Answer]) -> int:
    """Print how filters of a kind were answered; how many were answered well."""
    statuses = dict(sorted(Counter(answer.status for answer in answers).items()))
    took, cpu = (max(getattr(answer, name) for answer in answers) for name in ("took_s", "cpu_s"))
    print(f"{kind:12} {statuses!s:24} slowest {took * 1e3:.0f} ms, {cpu * 1e3:.0f} ms of CPU", flush=True)
    return sum(answer.status in (200, 400) for answer in answers)


if __name__ == "__main__":
    main()
