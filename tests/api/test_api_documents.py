"""The documents: true to the routes, valid by outside validators, usable without anything outside."""

import re
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import OpenAPIV30SpecValidator
from tests.api.api_world import API, Caller, Service, list_routes, plan_body, request_body

from swath.api.documents import CONFORMS_TO
from swath.api.links import OPENAPI_JSON

COLLECTIONS = ("satellites", "satellite_ground_tracks", "plans", "candidates", "requests")


@pytest.fixture
def anyone(service: Service) -> TestClient:
    return service.anonymous()


@pytest.fixture
def openapi(anyone: TestClient) -> Any:
    return anyone.get(f"{API}/api").json()


def links(document: Any) -> dict[str, Any]:
    return {link["rel"]: link for link in document["links"]}


def test_the_landing_page_leads_to_everything(anyone: TestClient) -> None:
    landing = anyone.get(f"{API}/").json()
    found = links(landing)
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= set(found)
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        answer = anyone.get(found[rel]["href"], headers={"Accept": found[rel]["type"]})
        assert answer.status_code == 200
        assert answer.headers["content-type"].replace(" ", "").startswith(found[rel]["type"])


def test_the_definition_is_served_under_its_own_name(anyone: TestClient) -> None:
    answer = anyone.get(f"{API}/api", headers={"Accept": OPENAPI_JSON})
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"


def test_conformance_is_unique_and_spelt_as_the_standards_do(anyone: TestClient) -> None:
    told = anyone.get(f"{API}/conformance").json()["conformsTo"]
    assert sorted(set(told)) == sorted(told) == sorted(CONFORMS_TO)
    form = r"http://www\.opengis\.net/spec/(ogcapi-features-[134]|cql2)/1\.0/conf/[a-z0-9-]+"
    assert all(re.fullmatch(form, uri) for uri in told)


def test_collections_stand_alone_as_they_stand_among_all(anyone: TestClient) -> None:
    listed = anyone.get(f"{API}/collections").json()["collections"]
    assert [collection["id"] for collection in listed] == list(COLLECTIONS)
    for collection in listed:
        assert anyone.get(f"{API}/collections/{collection['id']}").json() == collection
        assert links(collection)["items"]["type"] == "application/geo+json"


def test_an_extent_in_time_that_would_have_no_ends_is_left_out(anyone: TestClient) -> None:
    listed = anyone.get(f"{API}/collections").json()["collections"]
    assert {tuple(collection["extent"]) for collection in listed} == {("spatial",)}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_queryables_are_a_json_schema_of_their_own(anyone: TestClient, collection: str) -> None:
    answer = anyone.get(f"{API}/collections/{collection}/queryables")
    schema = answer.json()
    assert answer.headers["content-type"] == "application/schema+json"
    assert schema["$id"] == f"http://testserver{API}/collections/{collection}/queryables"
    jsonschema.Draft202012Validator.check_schema(schema)
    for queryable in schema["properties"].values():
        spatial = queryable.get("format", "").startswith("geometry-")
        assert spatial != ("type" in queryable)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_queryable_can_be_filtered_by(service: Service, acme: Caller, collection: str) -> None:
    schema = acme.get(f"/collections/{collection}/queryables")
    for name in schema["properties"]:
        acme.get(f"/collections/{collection}/items", filter=f'"{name}" IS NOT NULL')


def test_schemas_take_what_the_service_takes(anyone: TestClient, service: Service) -> None:
    for collection, body in (("plans", plan_body(service.clock.at)), ("requests", request_body("x"))):
        schema = anyone.get(f"{API}/collections/{collection}/schema").json()
        validator = jsonschema.Draft202012Validator(schema)
        validator.validate(body)
        assert not validator.is_valid({**body, "properties": {"colour": "red"}})


def test_the_definition_is_valid_and_stands_alone(openapi: Any) -> None:
    OpenAPIV30SpecValidator(openapi).validate()
    assert openapi["openapi"].startswith("3.0")
    refs = re.findall(r"'\$ref': '([^']*)'", repr(openapi))
    assert refs
    assert all(ref.startswith("#/components/") for ref in refs)


def test_the_one_server_is_the_landing_page(openapi: Any) -> None:
    assert [server["url"] for server in openapi["servers"]] == [f"http://testserver{API}"]


def test_the_definition_describes_every_route_and_no_other(openapi: Any, service: Service) -> None:
    routes = {
        (re.sub(r"\{.*?\}", "{}", route.path.removeprefix(API)) or "/", method.lower())
        for route in list_routes(service.app)
        for method in route.methods or ()
        if route.path.startswith(API) and method != "HEAD"
    }
    told = {
        (re.sub(r"\{.*?\}", "{}", path), method)
        for path, methods in openapi["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "delete") and "servers" not in methods
    }
    assert told == routes


def test_operations_have_names_of_their_own_and_say_how_they_fail(openapi: Any) -> None:
    operations = [
        operation
        for methods in openapi["paths"].values()
        for name, operation in methods.items()
        if name != "servers"
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert {"400", "500"} <= set(operation["responses"])
        assert "security" in operation


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_parameters_are_declared_as_the_official_suite_wants_them(openapi: Any, collection: str) -> None:
    declared = {
        parameter["name"]: parameter
        for parameter in (
            resolve(openapi, one)
            for one in openapi["paths"][f"/collections/{collection}/items"]["get"]["parameters"]
        )
    }
    limit, bbox, at = (declared[name] for name in ("limit", "bbox", "datetime"))
    assert all(isinstance(limit["schema"][key], int) for key in ("minimum", "maximum", "default"))
    assert {**bbox["schema"], "type": "array", "minItems": 4, "maxItems": 6} == bbox["schema"]
    assert bbox["schema"]["items"]["type"] == "number"
    assert at["schema"]["type"] == "string"
    assert not {"anyOf", "oneOf", "nullable"} & (bbox["schema"].keys() | at["schema"].keys())
    queried = [parameter for parameter in declared.values() if parameter["in"] == "query"]
    assert all(not parameter["required"] and parameter["explode"] is False for parameter in queried)
    assert declared["filter-lang"]["schema"]["default"] in declared["filter-lang"]["schema"]["enum"]


def resolve(openapi: Any, value: Any) -> Any:
    if "$ref" not in value:
        return value
    found = openapi
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_a_public_address_is_printed_whatever_the_caller_used(service: Service, anyone: TestClient) -> None:
    landing = anyone.get(f"{API}/", headers={"Host": "other.test:8443"}).json()
    assert links(landing)["self"]["href"] == f"http://other.test:8443{API}/"
