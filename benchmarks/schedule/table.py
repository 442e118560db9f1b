"""The figures as tables for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.schedule.days import CLASSES

WIDTH = 124
# Bounds that were found once at length, with HiGHS, in hours that a benchmark has not.
KNOWN = {("a1000", 1, "generated"): 689_729.0, ("a1000", 1, "flat"): 307_737.0}
Figures = Mapping[str, Any]


def show(*what: Any) -> None:
    Console(width=max(Console().width, WIDTH)).print(*what)


def show_day(day: Figures) -> None:
    """Values against the least bound that anybody proved of the same candidates and weights."""
    bound, owner = find_bound(day)
    title = f"{day['size']}, seed {day['seed']}, {day['weights']} weights"
    heads = ("value", "of bound", *CLASSES, "bound", "gap", "time", "cpu", "status", "check")
    table = build_table(title, ("entry",), heads)
    for found in day["found"]:
        table.add_row(*build_row(found, bound), style="bold" if found["entry"] == "swath" else "")
    told = f"The bound is {bound:,.0f}, by {owner}: of all candidates that can be commanded, under these weights."
    table.caption = f"{told}\n{tell_alone(day['alone'])}{tell_goals(day)}"
    show(table, "")


def build_row(found: Figures, bound: float) -> list[str]:
    name = found["entry"] + (f" {found['limit_s']:g} s" if found["entry"] != "greedy" else "")
    if "skipped" in found:
        return [name, "none", *[""] * 8, "skipped", found["skipped"]]
    value, own = sum(found["values"]), found["bound"]
    return [
        name,
        f"{value:,.0f}",
        f"{value / bound:.2%}",
        *(f"{one:,.0f}" for one in found["values"]),
        f"{own:,.0f}" if own else "none",
        f"{max(own - value, 0) / own:.2%}" if own else "",
        f"{found['seconds']:.1f} s",
        f"{found['cpu_s']:.1f} s",
        found["status"],
        "sound" if not found["faults"] else f"{len(found['faults'])} faults: {found['faults'][0]}",
    ]


def find_bound(day: Figures) -> tuple[float, str]:
    """The least of all bounds, and whose it is."""
    bounds = [(found["bound"], found["entry"]) for found in day["found"] if found.get("bound")]
    known = KNOWN.get((day["size"], day["seed"], day["weights"]))
    alone = [bound for bound in day["alone"].values() if isinstance(bound, float)]
    if len(alone) == len(CLASSES):
        bounds.append((sum(alone), "the classes alone"))
    return min([*bounds, *([(known, "HiGHS at length")] if known else [])], default=(float("nan"), "nobody"))


def tell_alone(alone: Figures) -> str:
    told = ", ".join(f"{name} {bound:,.0f}" for name, bound in alone.items() if isinstance(bound, float))
    return f"Classes that had the satellites to themselves could be worth at most: {told or 'not known'}."


def tell_goals(day: Figures) -> str:
    """What swath was asked for."""
    limits = [found["limit_s"] for found in day["found"] if found["entry"] == "swath"]
    told = (f"{goal:.1%} in {limit:g} s" for goal, limit in zip(day["goals"], limits, strict=False))
    return f"\nGoals for swath: {', '.join(told)}."


def show_proofs(measured: Figures) -> None:
    if "skipped" in measured:
        return show(f"spot5 was skipped. {measured['skipped']}")
    table = build_table(
        "SPOT5, one thread", ("file",), ("things", "optimum", "value", "bound", "status", "time", "cpu")
    )
    for one in measured["files"]:
        figures = [f"{one[name]:,.0f}" for name in ("things", "optimum", "value", "bound")]
        table.add_row(
            one["file"], *figures, one["status"], f"{one['seconds']:.2f} s", f"{one['cpu_s']:.2f} s"
        )
    proved = sum(one["status"] == "optimal" and one["value"] == one["optimum"] for one in measured["files"])
    seconds, cpu_s = (sum(one[name] for one in measured["files"]) for name in ("seconds", "cpu_s"))
    table.caption = (
        f"{proved} of {len(measured['files'])} proved optimal in {seconds:.0f} s, {cpu_s:.0f} s of processor."
    )
    return show(table, "")


def build_table(title: str, left: Iterable[str], right: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", caption_justify="left", title_style="bold")
    for name in left:
        table.add_column(name)
    for name in right:
        table.add_column(name, justify="right")
    return table


def show_posts(measured: Figures) -> None:
    title = "One POST with the database"
    if "skipped" in measured:
        return show(f"{title}: skipped. {measured['skipped']}")
    heads = ("answer p50", "p99", "with commit p50", "p99", "answers", "moved")
    table = build_table(title, ("priority",), heads)
    for name, figures in measured["answers"].items():
        times = [tell_ms(figures[part][of]) for part in ("place", "whole") for of in ("p50_ms", "p99_ms")]
        table.add_row(name, *times, tell_answers(figures), f"{figures['moved']}")
    told = "{planned} requests are planned, on {satellites} satellites; {asked} more are asked for."
    table.caption = told.format_map(measured)
    return show(table, "")


def tell_ms(time_ms: float) -> str:
    """Nothing where it was not told apart."""
    return f"{time_ms:.1f} ms" if time_ms else ""


def tell_answers(figures: Figures) -> str:
    return ", ".join(f"{count} {status}" for status, count in figures["answers"].items())


def show_replay(lived: Figures) -> None:
    title = f"On line, a1000, seed {lived['seed']}, {lived['weights']} weights"
    if "skipped" in lived:
        return show(f"{title}: skipped. {lived['skipped']}")
    heads = (
        "of bound",
        "served",
        "urgent",
        "moves",
        "bumped",
        "lost",
        "late",
        "notice",
        "p50",
        "p99",
        "check",
    )
    table = build_table(title, ("policy",), heads)
    for name, figures in lived["policies"].items():
        table.add_row(name, *build_replay_row(figures, lived["bound"]))
    reached = (
        "{reachable} of {requests} requests, {emergencies} of them urgent, can be reached when they arrive."
    )
    best = f"Who knows them all beforehand gets {lived['bound'] or float('nan'):,.0f} at most."
    table.caption = f"{reached.format_map(lived)}\n{best}"
    return show(table, "")


def build_replay_row(figures: Figures, bound: float | None) -> list[str]:
    counts = [
        str(figures[name]) for name in ("served", "emergencies", "moves_promised", "bumped", "lost", "late")
    ]
    return [
        f"{figures['value'] / bound:.1%}" if bound else "",
        *counts,
        f"{figures['notice_h']:.1f} h",
        f"{figures['p50_ms']:.1f} ms",
        f"{figures['p99_ms']:.0f} ms",
        "sound" if not figures["faults"] else figures["faults"][0],
    ]
