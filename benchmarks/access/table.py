"""The report as tables for people."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.access.floor import compute_floor_s, count_nodes
from benchmarks.access.works import OFF_NADIR, Work, build_works

ENOUGH_RECALL = 0.99
WIDTH = 124
SCORE = ("recall", "extra", "error ms", "95 %", "99 %")
Report = Mapping[str, Any]


@dataclass(frozen=True)
class Duel:
    """What was measured of one peer and swath on one work."""

    name: str
    peer: Mapping[str, Any]
    run: Mapping[str, Any]
    work: Work

    @property
    def is_partial(self) -> bool:
        return self.run["targets"] < self.work.targets

    @property
    def peer_s(self) -> float:
        """Median of its runs, for all targets."""
        return statistics.median(self.run["peer_s"]) * self.work.targets / self.run["targets"]

    @property
    def ours_s(self) -> float:
        return statistics.median(self.run["ours_s"] or [nan])

    @property
    def counts(self) -> bool:
        """Whether it found enough to be compared with; areas have no oracle."""
        accuracy = self.peer["accuracy"] if self.work.places else None
        return accuracy is None or accuracy["found"] / accuracy["true"] >= ENOUGH_RECALL


def show(report: Report) -> None:
    console, works = Console(width=max(Console().width, WIDTH)), build_works()
    console.print(f"\n{report['machine']}; Python {report['python']}; commit {report['commit']}\n")
    for work in works.values():
        if duels := list_duels(report, work):
            console.print(build_work_table(report, work, duels), "")
    for build in (build_streamed_table, build_floor_table, build_cold_table):
        if (table := build(report, works)).row_count:
            console.print(table, "")
    for name, peer in report["peers"].items():
        if "skipped" in peer:
            console.print(f"{name} was skipped. {peer['skipped']}")


def list_duels(report: Report, work: Work) -> list[Duel]:
    """Fastest peer first."""
    runs = [(name, peer, peer.get("works", {}).get(work.name)) for name, peer in report["peers"].items()]
    return sorted(
        (Duel(name, peer, run, work) for name, peer, run in runs if run), key=lambda duel: duel.peer_s
    )


def build_work_table(report: Report, work: Work, duels: Sequence[Duel]) -> Table:
    title = f"{work.name}: {work.targets} targets, {len(work.tles)} satellites, {work.days:g} days"
    table = build_table(
        title, ("engine", "how"), ("time", "× ours", "accesses", *(SCORE if work.places else ()))
    )
    table.add_row(*build_our_row(report, work, duels), style="bold")
    for duel in duels:
        table.add_row(*build_row(duel))
    table.caption = tell_fastest(duels)
    return table


def build_our_row(report: Report, work: Work, duels: Sequence[Duel]) -> list[str]:
    """By elevation, unless only peers that know off-nadir angles were measured."""
    alike = list_alike(duels)
    found = str(alike[0].run["ours_events"]) if alike[0].run["ours_s"] else "not yet"
    accuracy = report["accuracy"][alike[0].peer["limits"] == OFF_NADIR]
    return ["swath", "", show_time(our_time_s(alike)), "1", found, *show_score(work, accuracy)]


def build_row(duel: Duel) -> list[str]:
    """Accesses that were found among some of the targets are not told: they compare with nothing."""
    return [
        f"{duel.name} {duel.peer['version']}",
        duel.peer["setting" if duel.work.places else "areas"],
        show_time(duel.peer_s) + (" (x)" if duel.is_partial else ""),
        show_ratio(duel.peer_s / duel.ours_s),
        "" if duel.is_partial else str(duel.run["peer_events"]),
        *show_score(duel.work, duel.peer["accuracy"]),
    ]


def list_alike(duels: Sequence[Duel]) -> Sequence[Duel]:
    """Those in which swath did the same: by elevation, or if there is none, all."""
    return [duel for duel in duels if duel.peer["limits"] != OFF_NADIR] or duels


def tell_fastest(duels: Sequence[Duel]) -> str:
    """The sentence that the table is for."""
    duel = next((duel for duel in duels if duel.counts), None)
    if duel is None or not isfinite(duel.ours_s):
        return ""
    enough = f" with at least {ENOUGH_RECALL:.0%} recall" if duel.work.places else ""
    return f"The fastest peer{enough} is {duel.name}; swath is {show_ratio(duel.peer_s / duel.ours_s)} times as fast."


def our_time_s(duels: Sequence[Duel]) -> float:
    """The median over all processes."""
    return statistics.median([t for duel in duels for t in duel.run["ours_s"]] or [nan])


def build_streamed_table(report: Report, works: Mapping[str, Work]) -> Table:
    """W4, and what the peers would take for it by their largest work."""
    work = works["W4"]
    table = build_table(
        f"W4: {work.targets} targets, {len(work.tles)} satellites, streamed", ("engine",), ("time",)
    )
    runs = [run for run in report["streamed"] if "ours_s" in run]
    if runs:
        peak = max(run["peak_bytes"] for run in runs) / 1e6
        seconds = statistics.median(run["ours_s"] for run in runs)
        table.add_row(f"swath, {runs[0]['ours_events']} accesses, peak {peak:.0f} MB", show_time(seconds))
    elif report["streamed"]:
        table.add_row("swath", report["streamed"][0]["skipped"])
    for hours, name, by in sorted(extrapolate(report, works)) if report["streamed"] else ():
        table.add_row(f"{name}, by {by}", f"{hours:.1f} h (x)")
    return table


def extrapolate(report: Report, works: Mapping[str, Work]) -> Iterator[tuple[float, str, str]]:
    """Hours, peer, and the largest work it was measured on."""
    for name in report["peers"]:
        found = [
            duel for by in ("W3", "W2", "W1") for duel in list_duels(report, works[by]) if duel.name == name
        ]
        for duel in found[:1]:
            hours = duel.peer_s * works["W4"].pair_days / duel.work.pair_days / 3600
            yield hours, name, duel.work.name


def build_floor_table(report: Report, works: Mapping[str, Work]) -> Table:
    """How far from what one core cannot do without."""
    sgp4_s, look_s = report["floor"]["sgp4_s"], report["floor"]["look_s"]
    title = f"One core's floor: SGP4 {sgp4_s * 1e6:.2f} µs, a look {look_s * 1e9:.1f} ns"
    table = build_table(title, ("work",), ("nodes", "accesses", "floor", "ours", "ours / floor"))
    for name, ours_s, events in list_our_times(report, works):
        floor_s = compute_floor_s(works[name], events, sgp4_s, look_s)
        nodes = f"{count_nodes(works[name], events):.0f}"
        table.add_row(
            name, nodes, str(events), show_time(floor_s), show_time(ours_s), show_ratio(ours_s / floor_s)
        )
    return table


def list_our_times(report: Report, works: Mapping[str, Work]) -> list[tuple[str, float, int]]:
    """Work, our median time and how much we found."""
    alike = {name: list_alike(list_duels(report, works[name])) for name in ("W1", "W2", "W3")}
    found = [(name, our_time_s(duels), duels[0].run["ours_events"]) for name, duels in alike.items() if duels]
    runs = [run for run in report["streamed"] if "ours_s" in run]
    if runs:
        found.append(("W4", statistics.median(run["ours_s"] for run in runs), runs[0]["ours_events"]))
    return found


def build_cold_table(report: Report, works: Mapping[str, Work]) -> Table:
    table = build_table("Whole processes", ("what",), ("time",))
    names = {
        "first_s": "swath access on W1, nothing compiled",
        "later_s": "swath access on W1, again",
        "import_s": "import swath.bootstrap",
        "python_s": "python alone",
    }
    for key, name in names.items() if report["cold"] else ():
        table.add_row(name, show_time(report["cold"][key]))
    return table


def build_table(title: str, left: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left", title_style="bold")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def show_score(work: Work, accuracy: Mapping[str, float] | None) -> list[str]:
    """Recall, extras and quantiles of the errors; nothing for areas, which have no oracle."""
    if not work.places or accuracy is None:
        return []
    errors = [f"{accuracy[key]:.2f}" for key in ("median_ms", "p95_ms", "p99_ms")]
    return [f"{accuracy['found'] / accuracy['true']:.2%}", str(accuracy["extra"]), *errors]


def show_time(seconds: float) -> str:
    """Three figures, in the unit that suits."""
    units = ((300, 60, "min"), (1, 1, "s"), (1e-3, 1e-3, "ms"), (0, 1e-6, "µs"))
    if not isfinite(seconds):
        return ""
    _, size, unit = next(one for one in units if seconds >= one[0])
    return f"{seconds / size:.3g} {unit}"


def show_ratio(ratio: float) -> str:
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}" if ratio < inf else ""
