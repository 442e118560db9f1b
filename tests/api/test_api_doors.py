"""Every door describes itself: all that is there, nothing else, as it really answers; and a page lets people try it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from swath.bootstrap import build_server, open_house
from swath.oauth.clients import SCOPES, new_client
from swath.settings import Settings
from swath.tasking.accounts import create_account

DOORS = ("", "/wfs/tasking/v2", "/stac/v1", "/ops/v1", "/admin/v1", "/sandbox")
METHODS = ("get", "head", "post", "put", "patch", "delete")
NOTHING = "VGFzazoxMjM0"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Described:
    """The whole service, the documents of its doors, a caller who may do everything, and one who has no token."""

    app: FastAPI
    documents: Mapping[str, Document]
    caller: TestClient
    stranger: TestClient

    def operations(self) -> Iterable[tuple[str, str, str, Document]]:
        for door, document in self.documents.items():
            for path, methods in document["paths"].items():
                for method, told in methods.items():
                    yield door, path, method, told


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """A sandbox with everything in it, of which no clock runs and no job."""
    house = open_house(Settings(data=tmp_path_factory.mktemp("house"), sandbox=True))
    with house.store.begin() as uow:
        account = create_account(uow, "acme", 10, house.clock.now())
        client, _ = new_client(house.digest_key, account.id, house.tokens.now(), SCOPES)
        uow.save_api_client(client)
    token = house.tokens.issue(client.id, account.id, SCOPES)
    app = build_server(house)
    stranger = TestClient(app, raise_server_exceptions=False)
    caller = TestClient(app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
    documents = {door: stranger.get(f"{door}/api").json() for door in DOORS}
    yield Described(app, documents, caller, stranger)
    house.store.close()


def resolve(document: Document, told: Document) -> Document:
    """What a reference leads to."""
    found: Any = document
    for step in told["$ref"].removeprefix("#/").split("/") if "$ref" in told else ():
        found = found[step]
    return found if "$ref" in told else told


def check(document: Document, told: Document, answer: Any) -> None:
    """The answer is one of those that the operation names: status, media type, body, headers."""
    named = resolve(document, told["responses"][str(answer.status_code)])
    for name in named.get("headers", {}):
        assert name in answer.headers, name
    if "content" not in named:
        assert not answer.content
        return
    kind = answer.headers["content-type"]
    assert kind.partition(";")[0] in {one.partition(";")[0] for one in named["content"]}
    if "json" in kind:
        schema = next(iter(named["content"].values()))["schema"]
        OAS30Validator({**schema, "components": document["components"]}).validate(answer.json())


def fill(path: str) -> str:
    """The path with a collection that is there and other things that are not."""
    return re.sub(r"\{.*?\}", NOTHING, path.replace("{collection}", "grus-1"))


def list_routes(routes: Iterable[Any]) -> Iterable[Any]:
    """The routes, and those of routers and of the switchboard among them."""
    for route in routes:
        inside = getattr(route, "original_router", route)
        yield from list_routes(inside.routes) if hasattr(inside, "routes") else [route]


def plain(path: str) -> str:
    return re.sub(r"\{.*?\}", "{}", path)


@pytest.mark.parametrize("door", DOORS)
def test_each_document_is_openapi_3_0_and_stands_alone(service: Described, door: str) -> None:
    document = service.documents[door]
    OpenAPIV30SpecValidator(document).validate()
    assert document["openapi"] == "3.0.3"
    assert [server["url"] for server in document["servers"]] == [f"http://testserver{door}"]
    assert all(ref.startswith("#/components/") for ref in re.findall(r"'\$ref': '([^']*)'", str(document)))


def test_every_route_is_described_once_and_nothing_else_is(service: Described) -> None:
    served = {
        (plain(route.path), method.lower())
        for route in list_routes(service.app.routes)
        for method in route.methods
        if method != "HEAD" or "/assets/" in route.path
    }
    told = [(plain(door + path), method) for door, path, method, _ in service.operations()]
    # The landing page of a door answers with a slash at the end and without; the second is described.
    landings = {(door, "get") for door in DOORS} & served
    assert len(told) == len(set(told))
    assert set(told) == served - landings


def test_methods_that_are_not_described_are_refused_with_those_that_are(service: Described) -> None:
    for door in DOORS:
        for path, methods in service.documents[door]["paths"].items():
            address = door + fill(path)
            for method in set(METHODS) - {"head"} - set(methods):
                answer = service.caller.request(method, address)
                assert answer.status_code == 405, (method, address)
                allowed = {name.strip().lower() for name in answer.headers["allow"].split(",")}
                assert allowed - {"head", "options"} == set(methods) - {"head"}, address


@pytest.mark.parametrize("door", DOORS)
def test_operations_say_what_they_are_for(service: Described, door: str) -> None:
    document = service.documents[door]
    told = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in told}) == len(told)
    tags = {tag["name"] for tag in document["tags"]}
    for one in told:
        assert one["summary"]
        assert set(one["tags"]) <= tags
        parameters = [resolve(document, parameter) for parameter in one["parameters"]]
        assert all(parameter["description"] for parameter in parameters)
        assert {name for way in one["security"] for name in way} <= set(
            document["components"].get("securitySchemes", {})
        )


def test_who_has_no_token_is_refused_where_one_is_needed_and_nowhere_else(service: Described) -> None:
    for door, path, method, told in service.operations():
        if path.startswith("/oauth/") or "/assets/" in path:
            continue
        answer = service.stranger.request(method, door + fill(path))
        needed = bool(told["security"]) and {} not in told["security"]
        assert (answer.status_code == 401) == needed, (door, path, method, answer.text)
        check(service.documents[door], told, answer)


def test_what_can_be_read_is_as_described(service: Described) -> None:
    read = 0
    for door, path, method, told in service.operations():
        if method == "get" and "{" not in path and path != "/contacts":
            answer = service.caller.get(door + path)
            assert answer.status_code in (200, 503), (door, path, answer.text)
            check(service.documents[door], told, answer)
            read += 1
    assert read > 30


def test_what_is_not_there_is_told_as_described(service: Described) -> None:
    for door, path, method, told in service.operations():
        if method in ("get", "delete") and "{" in path.replace("{collection}", ""):
            answer = service.caller.request(method, door + fill(path))
            assert answer.status_code == 404, (door, path, answer.text)
            check(service.documents[door], told, answer)


def test_a_wrong_parameter_or_host_is_told_as_described(service: Described) -> None:
    for door, path, method, told in service.operations():
        if method != "head":
            answer = service.caller.request(method, door + fill(path), headers={"Host": "no host"})
            assert answer.status_code == 400
            if not path.startswith("/oauth/"):
                check(service.documents[door], told, answer)


def test_examples_of_bodies_are_taken_or_meet_nothing(service: Described) -> None:
    """What an example names need not exist; that it could is enough. Here nobody is there to move the clock."""
    sent = 0
    for door, path, method, told in service.operations():
        if path == "/clock":
            continue
        for kind, media in told.get("requestBody", {}).get("content", {}).items():
            if "example" in media:
                document, example = service.documents[door], media["example"]
                OAS30Validator({**media["schema"], "components": document["components"]}).validate(example)
                headers = {"Content-Type": kind}
                answer = service.caller.request(method, door + fill(path), json=example, headers=headers)
                assert answer.status_code in (200, 201, 404), (path, answer.text)
                check(document, told, answer)
                sent += 1
    assert sent >= 8


def test_what_was_made_is_read_and_removed_as_described(service: Described) -> None:
    door = "/wfs/tasking/v2"
    document = service.documents[door]
    making = document["paths"]["/collections/plans/items"]["post"]
    example = making["requestBody"]["content"]["application/json"]["example"]
    made = service.caller.post(f"{door}/collections/plans/items", json=example)
    path = document["paths"]["/collections/plans/items/{featureId}"]
    address = f"{door}/collections/plans/items/{made.json()['id']}"
    read = service.caller.get(address)
    check(document, path["get"], read)
    again = service.caller.get(address, headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304
    check(document, path["get"], again)
    refused = service.caller.delete(address, headers={"If-Match": '"another"'})
    assert refused.status_code == 412
    check(document, path["delete"], refused)
    removed = service.caller.delete(address, headers={"If-Match": read.headers["etag"]})
    assert removed.status_code == 204
    check(document, path["delete"], removed)


def test_links_lead_to_operations_that_take_what_they_give(service: Described) -> None:
    followed = set()
    for door, _, _, told in service.operations():
        document = service.documents[door]
        named = {
            one["operationId"]: one for methods in document["paths"].values() for one in methods.values()
        }
        for answer in told["responses"].values():
            for link in answer.get("links", {}).values():
                target = named[link["operationId"]]
                taken = {resolve(document, parameter)["name"] for parameter in target["parameters"]}
                assert set(link.get("parameters", {})) <= taken
                # The parser of most generators takes bodies of links as text only, and refuses the whole document.
                assert isinstance(link.get("requestBody", ""), str)
                followed.add(link["operationId"])
    assert {
        "readPlans",
        "listCandidates",
        "createRequests",
        "readRequestHistory",
        "cancelRequest",
        "removePlans",
    } <= followed


def test_the_root_leads_to_every_door(service: Described) -> None:
    links = service.stranger.get("/").json()["links"]
    documents = [link["href"] for link in links if link["rel"] == "service-desc"]
    assert sorted(documents) == sorted(f"http://testserver{door}/api" for door in DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_the_page_of_each_door_loads_what_is_ours_and_nothing_else(service: Described, door: str) -> None:
    page = "/api.html" if door == "/stac/v1" else "/docs"
    answer = service.stranger.get(door + page)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    loaded = re.findall(r'(?:src|href)="([^"]*)"', answer.text)
    assert len(loaded) == 5
    for address in loaded:
        assert not re.match(r"\w+://|//", address)
        if not address.startswith("data:"):
            assert service.stranger.get(str(answer.url.join(address))).status_code == 200, address


def test_the_files_of_the_pages_are_those_of_swagger_ui(service: Described) -> None:
    folder = Path(__file__).parents[2] / "src" / "swath" / "api" / "swagger"
    for name, kind in {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}.items():
        answer = service.stranger.get(f"/docs/{name}")
        assert answer.content == (folder / name).read_bytes()
        assert answer.headers["content-type"].startswith(kind)
    assert "Apache License" in (folder / "LICENSE").read_text()
    assert service.stranger.get("/docs/README.md").status_code == 404
