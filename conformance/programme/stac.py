"""STAC API and STAC items. Schemas that the validators fetch are given to them from files."""

from functools import partial

from conformance.outcome import read_stac_api_validator, read_stac_schemas
from conformance.place import SCHEMAS, Place
from conformance.suite import Suite

# Classes by the end of their URI, and what stac-api-validator calls them.
CLASSES = {
    "/core": "core",
    "/browseable": "browseable",
    "/collections": "collections",
    "/ogcapi-features": "features",
    "/item-search": "item-search",
    "/item-search#filter": "filter",
    "/item-search#sort": "item-search#sort",
    "/item-search#fields": "item-search#fields",
}
COLLECTION = "grus-1"
# The validator looks for items that meet it.
MOST_OF_THE_GLOBE = '{"type":"Polygon","coordinates":[[[-170,-80],[170,-80],[170,80],[-170,80],[-170,-80]]]}'


def _offline(place: Place, *command: str) -> list[str]:
    return place.script("stac_offline.py", str(SCHEMAS), *command)


def _api(place: Place) -> list[str]:
    """Every class that the server declares is judged."""
    declared = place.target.get(f"{place.target.stac}/")["conformsTo"]
    ours = [uri for uri in declared if "api.stacspec.org" in uri]
    classes = [name for end, name in CLASSES.items() if any(uri.endswith(end) for uri in ours)]
    return _offline(
        place,
        "stac-api-validator",
        *("--root-url", place.target.stac, "--auth-bearer-token", place.target.token),
        *(word for name in classes for word in ("--conformance", name)),
        *("--collection", COLLECTION, "--geometry", MOST_OF_THE_GLOBE),
        *("--fields-nested-property", "properties.datetime"),
    )


def _documents(place: Place) -> list[str]:
    return _offline(place, "documents", *map(str, sorted(place.folder.glob("stac-*.json"))))


def _ats(place: Place) -> list[str]:
    """The catalogue is an OGC API Features too."""
    return place.script("ats_features.py", place.target.stac, "--token", place.target.token)


def _client(script: str, place: Place) -> list[str]:
    return place.script(script, place.target.stac, place.target.token, COLLECTION)


SUITES = (
    Suite("stac-api-validator", "stac", _api, read_stac_api_validator),
    Suite("pystac-client", "stac", partial(_client, "pystac_check.py")),
    Suite("rustac", "stac", partial(_client, "rustac_check.py")),
    Suite("stac-validator", "stac", _documents, read_stac_schemas),
    Suite("ats_features catalogue", "stac", _ats),
)
