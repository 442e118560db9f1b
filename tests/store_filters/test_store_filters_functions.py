"""Functions of our own are listed as OGC API Features part 3 has it, and all that are listed can be called."""

import pytest
from fastapi.testclient import TestClient

from conformance.cql2_data import PLACES
from swath.api.links import API, OGC_REL
from swath.cql2 import FUNCTIONS

pytestmark = pytest.mark.slow

# What the layer has for arguments of each type, the first and the second.
PROPERTIES = {
    "number": ["pop_max"],
    "string": ["name"],
    "datetime": ["start", "TIMESTAMP('2030-01-01T00:00:00Z')"],
    "geometry": ["geom"],
}


def test_the_landing_page_leads_to_the_functions(layers: TestClient) -> None:
    landing = layers.get(f"{API}/").json()
    address = next(link["href"] for link in landing["links"] if link["rel"] == f"{OGC_REL}/functions")
    assert {function["name"] for function in layers.get(address).json()["functions"]} == set(FUNCTIONS)
    assert any(uri.endswith("/functions") for uri in layers.get(f"{API}/conformance").json()["conformsTo"])


def test_every_function_can_be_called_as_it_is_listed(layers: TestClient) -> None:
    for function in layers.get(f"{API}/functions").json()["functions"]:
        types = [kind for argument in function["arguments"] for kind in argument["type"]]
        arguments = ", ".join(PROPERTIES[kind][types[:at].count(kind)] for at, kind in enumerate(types))
        assert function["returns"] == ["number"]
        called = {"filter": f"{function['name']}({arguments}) >= 0 OR start IS NULL"}
        page = layers.get(f"{API}/collections/{PLACES}/items", params=called).json()
        assert page["numberMatched"] == 243, function
