"""Programs that people have, reading every list of the Tasking API with a token."""

from conformance.place import SYSTEM_PYTHON, Place, npm, program, qgis
from conformance.suite import Suite


def _way_in(place: Place) -> tuple[str, str]:
    return place.target.tasking, place.target.token


def _qgis(place: Place) -> list[str]:
    """In the system's Python, where QGIS is."""
    return [str(SYSTEM_PYTHON), *place.script("qgis_oapif.py", *_way_in(place))[1:]]


SUITES = (
    Suite(
        "GDAL",
        "clients",
        lambda place: place.script("gdal_oapif.py", *_way_in(place)),
        needs=(program("ogrinfo"), program("ogr2ogr")),
    ),
    Suite("pyogrio", "clients", lambda place: place.script("pyogrio_oapif.py", *_way_in(place))),
    Suite(
        "OWSLib",
        "clients",
        lambda place: place.script("owslib_features.py", *_way_in(place), place.file("new-plans.json")),
    ),
    Suite("QGIS", "clients", _qgis, needs=(qgis,), environment={"QT_QPA_PLATFORM": "offscreen"}),
    Suite(
        "ogc-client",
        "clients",
        lambda place: place.node_script("ogc_client.mjs", *_way_in(place)),
        needs=(npm("@camptocamp/ogc-client"),),
    ),
)
