"""The one table at the end: what passed, what failed, what was not run and why."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from conformance.outcome import Outcome

COLUMNS = ("passed", "failed", "skipped", "seconds")


def build_table(outcomes: Mapping[str, Outcome]) -> Table:
    table = Table(title="Conformance", title_justify="left")
    table.add_column("suite")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("note")
    for name, outcome in outcomes.items():
        table.add_row(name, *_show(outcome), style="red" if outcome.failed else "")
    table.add_section()
    table.add_row("all", *_show(add(outcomes)), style="bold")
    return table


def add(outcomes: Mapping[str, Outcome]) -> Outcome:
    """The sum of all, without notes."""
    sums = {name: sum(getattr(one, name) for one in outcomes.values()) for name in COLUMNS}
    return Outcome(**sums)


def print_table(outcomes: Mapping[str, Outcome]) -> None:
    """To stdout, wide enough for the notes also where there is no terminal."""
    console = Console()
    console.width = max(console.width, 120)
    console.print(build_table(outcomes))


def _show(outcome: Outcome) -> list[str]:
    counts = [str(getattr(outcome, name) or "") for name in COLUMNS[:-1]]
    return [*counts, f"{outcome.seconds:.1f}", outcome.note]
