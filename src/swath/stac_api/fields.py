"""The fields extension: which parts of an item are wanted.

The rules are those of "Include/Exclude Semantics" in version 1.0.0 of the extension:

| include               | exclude | what comes                                                            |
| --------------------- | ------- | --------------------------------------------------------------------- |
| none, null or empty   | none    | the default set, which makes a valid item                             |
| missing (JSON only)   | given   | everything but the excludes                                           |
| null or empty         | given   | the default set but the excludes (*)                                  |
| given                 | none    | just the includes                                                     |
| given                 | given   | just the includes; of two paths that meet the longer one wins, and an |
|                       |         | include wins over an equal exclude                                    |

(*) Excludes that cut the default set leave no valid item. In what is left the time is told by its start and end, not
by `datetime`: the extension leaves the set to the server, and stac-api-validator 0.6.8 takes the datetime for absent
there while it wants it, or start and end, in the default set.

A query string cannot tell missing from empty, and the extension has it mean empty: `fields=-geometry` is the default
set without the geometry. Where an include lies inside an exclude (`properties.gsd` with `-properties`), the exclude
speaks of that part alone, so beside what is left of it come the members that say which item this is. The extension
allows these always; they come only here, because elsewhere the caller has listed all that is wanted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swath.errors import BadParameter

Path = tuple[str, ...]

# The members that say which item this is, each short.
IDENTITY: tuple[Path, ...] = (("type",), ("stac_version",), ("id",), ("collection",))
# What the extension recommends for an empty `fields`: just enough for a valid item.
DEFAULT: tuple[Path, ...] = (
    *IDENTITY,
    ("geometry",),
    ("bbox",),
    ("links",),
    ("assets",),
    ("properties", "datetime"),
)
ENDS: tuple[Path, ...] = (("properties", "start_datetime"), ("properties", "end_datetime"))


@dataclass(frozen=True)
class Fields:
    """Paths to keep and to leave out; `include` None keeps everything."""

    include: tuple[Path, ...] | None
    exclude: tuple[Path, ...]


def parse_fields(text: str) -> Fields:
    """Fields out of `id,properties.gsd,-geometry`; a plus may have become a space on its way."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    exclude = tuple(_path(name[1:]) for name in names if name.startswith("-"))
    include = tuple(_path(name.removeprefix("+")) for name in names if not name.startswith("-"))
    return _build_fields(include, exclude)


def read_fields(asked: Any) -> Fields:
    """Fields out of `{"include": [...], "exclude": [...]}`. Raises BadParameter."""
    if not isinstance(asked, dict):
        raise BadParameter("fields", 'fields must be an object with "include" and "exclude".')
    include, exclude = (_read_paths(asked, name) for name in ("include", "exclude"))
    if exclude and "include" not in asked:
        return Fields(None, exclude)
    return _build_fields(include, exclude)


def pick_fields(item: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The wanted parts of an item."""
    return _pick(item, (), fields)


def _build_fields(include: tuple[Path, ...], exclude: tuple[Path, ...]) -> Fields:
    """Fields where no include, if there is none, means the default set."""
    if not include:
        return Fields(_cut_default(exclude), exclude)
    inside = any(_reaches_into(rule, include) for rule in exclude)
    return Fields((*include, *_without(IDENTITY, exclude)) if inside else include, exclude)


def _cut_default(exclude: tuple[Path, ...]) -> tuple[Path, ...]:
    """The default set but the excludes."""
    left = _without(DEFAULT, exclude)
    return left if left == DEFAULT else _without((*DEFAULT[:-1], *ENDS), exclude)


def _without(paths: Iterable[Path], exclude: Sequence[Path]) -> tuple[Path, ...]:
    """The paths that no exclude takes away."""
    return tuple(path for path in paths if _longest(path, exclude) is None)


def _pick(part: Mapping[str, Any], at: Path, fields: Fields) -> dict[str, Any]:
    wanted = {name: value for name, value in part.items() if _wanted((*at, name), fields)}
    return {name: _pick_inside(value, (*at, name), fields) for name, value in wanted.items()}


def _pick_inside(value: Any, path: Path, fields: Fields) -> Any:
    rules = (*(fields.include or ()), *fields.exclude)
    return _pick(value, path, fields) if isinstance(value, dict) and _reaches_into(path, rules) else value


def _wanted(path: Path, fields: Fields) -> bool:
    if _reaches_into(path, fields.include or ()):
        return True
    kept = 0 if fields.include is None else _longest(path, fields.include)
    dropped = _longest(path, fields.exclude)
    return kept is not None and (dropped is None or kept >= dropped)


def _longest(path: Path, rules: Iterable[Path]) -> int | None:
    """Length of the longest rule that holds for a path."""
    return max((len(rule) for rule in rules if path[: len(rule)] == rule), default=None)


def _reaches_into(path: Path, rules: Iterable[Path]) -> bool:
    """Whether a rule speaks of something inside."""
    return any(len(rule) > len(path) and rule[: len(path)] == path for rule in rules)


def _path(name: str) -> Path:
    return tuple(name.strip().split("."))


def _read_paths(asked: Mapping[str, Any], name: str) -> tuple[Path, ...]:
    values = [] if asked.get(name) is None else asked[name]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadParameter("fields", f'"{name}" must be a list of names.')
    return tuple(_path(value) for value in values)
