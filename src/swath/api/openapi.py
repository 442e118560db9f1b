"""The definition of the Tasking API, made from the declarations of its collections."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from swath import wire
from swath.api.collections import Collection
from swath.api.documents import DESCRIPTION, TITLE
from swath.api.features import REQUESTS
from swath.api.history import EXAMPLE
from swath.api.links import GEOJSON, JSON, Links
from swath.api.openapi_collections import (
    FEATURE_ID,
    READING,
    TOKEN,
    WRITING,
    build_parameters,
    describe_collection,
    describe_document,
)
from swath.api.openapi_parts import (
    ETAG,
    Face,
    OpenApi,
    build_document,
    content,
    describe_documents,
    operation,
    part,
    refer_to,
)
from swath.api.openapi_schemas import PLAIN, build_schemas, describe_page, name_page, refer
from swath.oauth.clients import TASKING

TAGS = {"capabilities": "What this service is and has", "account": "Your account"}
SCOPES = {TASKING: "Make plans, see candidates and ask for captures"}


def build_openapi(collections: Sequence[Collection], links: Links, now: datetime) -> OpenApi:
    """The whole document, with examples that are right now."""
    face = Face(TITLE, DESCRIPTION, links.root, links.base, SCOPES)
    tags = {**TAGS, **{collection.id: collection.description for collection in collections}}
    return build_document(face, tags, _describe_paths(collections, now), _build_components(collections))


def _describe_paths(collections: Sequence[Collection], now: datetime) -> OpenApi:
    paths: OpenApi = {
        "/": describe_document("landing", "Landing page", JSON, "Landing"),
        "/conformance": describe_document("conformance", "Conformance classes", JSON, "Conformance"),
        "/functions": describe_document("functions", "Functions that filters may call", JSON, "Functions"),
        "/collections": describe_document("collections", "All collections", JSON, "Collections"),
        **describe_documents(),
    }
    for collection in collections:
        paths |= describe_collection(collection, now)
    return paths | _describe_actions() if _has_requests(collections) else paths


def _has_requests(collections: Iterable[Collection]) -> bool:
    """Whether these are the collections of tasking; the door serves other ones, too, to show what it can."""
    return any(collection.id == REQUESTS for collection in collections)


def _describe_actions() -> OpenApi:
    request = f"/collections/{REQUESTS}/items/{{{FEATURE_ID}}}"
    return {
        f"{request}/cancel": {"post": _describe_cancel()},
        f"{request}/history": {"get": _describe_history()},
        "/account": {"get": _describe_account()},
    }


def _describe_cancel() -> OpenApi:
    return operation(
        "cancelRequest",
        "Cancel a request, until its `cancel_until`",
        REQUESTS,
        answers={
            "200": content("The request as it now is", GEOJSON, refer(wire.TaskingRequest), headers=ETAG)
        },
        refusals=(*WRITING, 404),
        parameters=[part(FEATURE_ID, "Id of the request")],
        security=TOKEN,
    )


def _describe_history() -> OpenApi:
    return operation(
        "readRequestHistory",
        "What has happened to a request",
        REQUESTS,
        answers=_answer("All changes, the oldest first", wire.History, example=EXAMPLE),
        refusals=(*READING, 404),
        parameters=[part(FEATURE_ID, "Id of the request"), *_plain()],
        security=TOKEN,
    )


def _describe_account() -> OpenApi:
    return operation(
        "readAccount",
        "Your account and its credits",
        "account",
        answers=_answer("The account", wire.Account),
        refusals=READING,
        parameters=_plain(),
        security=TOKEN,
    )


def _answer(text: str, model: type[BaseModel], **more: Any) -> OpenApi:
    unchanged = {"description": "It is still what If-None-Match says", "headers": ETAG}
    return {"200": content(text, JSON, refer(model), headers=ETAG, **more), "304": unchanged}


def _plain() -> list[Any]:
    return [refer_to("parameters", "f"), refer_to("parameters", "If-None-Match")]


def _build_components(collections: Iterable[Collection]) -> OpenApi:
    drafts = [c.creation.model for c in collections if c.creation is not None]
    documents: list[type[BaseModel]] = [c.feature for c in collections]
    documents += [wire.Problem, wire.Account, wire.History, wire.Link]
    schemas = build_schemas(drafts, documents)
    pages = {name_page(c.feature): describe_page(c.feature) for c in collections}
    return {"schemas": {**schemas, **PLAIN, **pages}, "parameters": build_parameters()}
