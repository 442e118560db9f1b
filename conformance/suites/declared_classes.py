"""ogcapi-registry on what a server declares: `declared_classes.py BASE TOKEN`. It knows names and required paths."""

import sys

import ogcapi_registry
from counting import Checks, equal
from wanted import fetch

base, token = sys.argv[1:3]


def check_names() -> str:
    """A class that the catalogue does not know, of a standard that it knows, is misspelt."""
    report = ogcapi_registry.validate_conformance(CLASSES)
    standards = {known.uri.partition("/conf/")[0] for known in report.recognised}
    misspelt = [uri for uri in report.unrecognised if str(uri).partition("/conf/")[0] in standards]
    equal(misspelt, [])
    return f"{len(report.recognised)} known, not in the catalogue: {list(map(str, report.unrecognised))}"


def check_paths() -> str:
    result = ogcapi_registry.validate_ogc_api(DOCUMENT, CLASSES)
    equal([str(error) for error in result.errors], [])
    return f"{len(DOCUMENT['paths'])} paths"


CLASSES = fetch(f"{base}/conformance", token)["conformsTo"]
LINKS = fetch(f"{base}/", token)["links"]
DOCUMENT = fetch(next(link["href"] for link in LINKS if link["rel"] == "service-desc"), token)
checks = Checks()
checks.check("names of the conformance classes", check_names)
checks.check("paths that they require", check_paths)
checks.end()
