"""Checks that are printed one a line and counted at the end: how every script here says what it found."""

import sys
import traceback
from collections.abc import Callable
from typing import NoReturn


class Checks:
    """Runs checks one after another; one that raises has failed, and the others go on."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def check(self, name: str, find: Callable[[], object]) -> None:
        """Print what `find` tells, or what it raised."""
        try:
            told = find()
        except Exception as error:
            self.failed += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL  {name}: {type(error).__name__}: {error} ({where.name}, line {where.lineno})")
        else:
            self.passed += 1
            print(f"ok    {name}" + (f": {told}" if told is not None else ""))

    def end(self) -> NoReturn:
        """Print the counts and leave, with exit code 1 when anything failed."""
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)


def equal(found: object, wanted: object) -> object:
    """What was found, when it is what was wanted; raises AssertionError that tells both."""
    if found != wanted:
        raise AssertionError(f"found {found!r}, wanted {wanted!r}")
    return found
