"""What `swath access` searches for, which element sets serve for it, and what is said about that on stderr."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from swath.access.inputs import AngleLimits
from swath.cli.access_files import find_shared
from swath.clock import to_seconds
from swath.errors import Malformed
from swath.orbit.choice import choose_elements, days_away
from swath.orbit.elements import Elements
from swath.orbit.propagate import PropagationFailed
from swath.orbit.quality import KNOWN_DAYS

# Of many satellites with the same trouble so many are named.
MOST_NAMED = 5
# After a hundred days nobody knows where in its orbit a satellite is.
GUESS_DAYS = 100.0


@dataclass(frozen=True)
class AccessSearch:
    """From when to when, and within which limits in degrees, those of `find_accesses`."""

    start: datetime
    end: datetime
    min_elevation_deg: float
    max_off_nadir_deg: float
    min_off_nadir_deg: float

    @property
    def range_s(self) -> tuple[float, float]:
        """Both ends in POSIX seconds."""
        return to_seconds(self.start), to_seconds(self.end)

    @property
    def angles(self) -> AngleLimits:
        """The limits in the order of `build_limits`."""
        return self.min_elevation_deg, self.min_off_nadir_deg, self.max_off_nadir_deg

    @property
    def limits(self) -> dict[str, float]:
        """The limits by their names."""
        names = ("min_elevation_deg", "min_off_nadir_deg", "max_off_nadir_deg")
        return dict(zip(names, self.angles, strict=True))


def choose_sets(
    sets: Sequence[Elements], wanted: Sequence[str], search: AccessSearch
) -> tuple[tuple[Elements, ...], list[str]]:
    """Of the wanted satellites, all without names, the sets nearest to the middle of the range; and what to say of it.

    Raises Malformed for a name or catalogue number of which there is no set.
    """
    missing = [name for name in wanted if not any(_is_called(one, name) for one in sets)]
    if missing:
        raise Malformed(f"There is no element set of {', '.join(missing)} in the file.")
    some = [one for one in sets if not wanted or any(_is_called(one, name) for name in wanted)]
    chosen = choose_elements(some, search.start + (search.end - search.start) / 2)
    notes = _tell_left_out(len(some) - len(chosen), len(chosen))
    return chosen, [*notes, *_tell_far(chosen, search)]


def tell_shared(names: Sequence[str]) -> list[str]:
    """What to say of targets that share a name."""
    shared = find_shared(names)
    if not shared:
        return []
    which = ", ".join(shared[:MOST_NAMED]) + (", ..." if len(shared) > MOST_NAMED else "")
    return [f"Targets share names ({which}); longitude and latitude tell them apart."]


def tell_failures(failures: Sequence[PropagationFailed]) -> list[str]:
    """What to say of satellites that could not be propagated."""
    more = len(failures) - MOST_NAMED
    return [
        *(failure.message for failure in failures[:MOST_NAMED]),
        *([f"{_count(more, 'more satellite')} cannot be propagated either."] if more > 0 else []),
        f"Accesses of {_count(len(failures), 'satellite')} are missing.",
    ]


def tell_found(found: int, sets: Sequence[Elements], targets: int, search: AccessSearch) -> str:
    """How many accesses there are, and how old elements became meanwhile."""
    oldest = max(days_away(one, *search.range_s)[1] for one in sets)
    counts = _count(found, "access"), _count(len(sets), "satellite"), _count(targets, "target")
    return "{} of {} to {}.".format(*counts) + f" Elements are used up to {oldest:.1f} days from their epoch."


def _is_called(elements: Elements, name: str) -> bool:
    return name in (elements.name, str(elements.norad_id))


def _tell_left_out(count: int, kept: int) -> list[str]:
    if not count:
        return []
    sets = _count(count, "element set")
    return [f"Left out: {sets}, farther from the middle of the range than the {kept} used."]


def _tell_far(sets: Sequence[Elements], search: AccessSearch) -> list[str]:
    days = [(days_away(one, *search.range_s)[0], one) for one in sets]
    far = [_tell_one_far(one, away) for away, one in days if away > KNOWN_DAYS]
    more = len(far) - MOST_NAMED
    rest = [f"Those of {_count(more, 'more satellite')} are more than {KNOWN_DAYS:.0f} days away too."]
    return [*far[:MOST_NAMED], *(rest if more > 0 else [])]


def _tell_one_far(elements: Elements, days: float) -> str:
    worth = "may be minutes off" if days < GUESS_DAYS else "are a guess"
    epoch = f"{elements.epoch:%Y-%m-%d}"
    return (
        f"Elements of {elements.label} are {days:.1f} days from the range (epoch {epoch}); accesses {worth}."
    )


def _count(count: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{count} {thing}{'' if count == 1 else plural}"
