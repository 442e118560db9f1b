"""OGC API Features, as those judge it who know the standard and nothing of this server."""

from functools import partial

from conformance.documents import LISTS
from conformance.place import Place, ets, find_jar, npm, program
from conformance.suite import Suite


def _ats(place: Place) -> list[str]:
    return place.script(
        "ats_features.py", place.target.tasking, "--token", place.target.token, "--collections", "20"
    )


def _ats_write(collection: str, place: Place) -> list[str]:
    """The part that writes alone: no collection is read."""
    body = ["--collections", "0", "--write", collection, "--body", place.file(f"new-{collection}.json")]
    return place.script("ats_features.py", place.target.tasking, "--token", place.target.token, *body)


def _ets(place: Place, door: str, folder: str) -> list[str]:
    """All collections behind the address of a door; the suite has no way to send a token."""
    return place.script("ets.py", str(find_jar()), f"{place.through_proxy(door)}/", place.file(folder))


def _declared(place: Place) -> list[str]:
    return place.script("declared_classes.py", place.target.tasking, place.target.token)


def _lists(place: Place) -> list[str]:
    return [place.file(f"list-{name}.json") for name in (*LISTS, "items")]


SUITES = (
    Suite("ats_features", "ogc", _ats),
    Suite("ats_features write plans", "ogc", partial(_ats_write, "plans")),
    Suite("ats_features write requests", "ogc", partial(_ats_write, "requests")),
    Suite(
        "official OGC suite",
        "ogc",
        lambda place: _ets(place, place.target.tasking, "ets-tasking"),
        needs=(program("java"), ets),
    ),
    Suite(
        "official OGC suite catalogue",
        "ogc",
        lambda place: _ets(place, place.target.stac, "ets-stac"),
        needs=(program("java"), ets),
    ),
    Suite("ogcapi-registry", "ogc", _declared),
    Suite("geojson-validator", "ogc", lambda place: place.script("geojson_check.py", *_lists(place))),
    Suite(
        "check-geojson",
        "ogc",
        lambda place: place.node_script("check_geojson.mjs", *_lists(place)),
        needs=(npm("@placemarkio/check-geojson"),),
    ),
)
