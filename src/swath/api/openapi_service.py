"""The definition of what lies at the root of the service: tokens, keys, health, and the way to the doors."""

from typing import Any

from swath import wire
from swath.api.docs_page import FILES
from swath.api.links import JSON, Links
from swath.api.openapi_parts import (
    ALWAYS,
    REFUSAL_HEADERS,
    REFUSALS,
    TEXT,
    TIME,
    Face,
    OpenApi,
    build_document,
    content,
    describe_documents,
    header,
    operation,
    part,
    refer_to,
)
from swath.api.openapi_schemas import PLAIN, Schema, build_schemas, refer

TITLE = "swath"
DESCRIPTION = "Tokens, keys and health of the service; each door has a document of its own."
TAGS = {"capabilities": "What there is", "token": "Access tokens", "operations": "For those who run it"}
FORM = "application/x-www-form-urlencoded"
PROMETHEUS = "text/plain"
NO_STORE = {"Cache-Control": header("Always no-store")}
# Refusals of RFC 6749 section 5.2, with what their statuses carry everywhere.
REFUSED = {
    str(status): content(
        REFUSALS[status],
        JSON,
        refer_to("schemas", "OAuthError"),
        headers={**NO_STORE, **REFUSAL_HEADERS.get(status, {})},
    )
    for status in (400, 401, 429)
}
BASIC = {"basic": {"type": "http", "scheme": "basic", "description": "Id and secret of a client"}}


def build_openapi(links: Links) -> OpenApi:
    """The whole document."""
    face = Face(TITLE, DESCRIPTION, links.root, "", {})
    schemas = {**build_schemas([], [wire.Problem, wire.Token, wire.Link]), **PLAIN, **SCHEMAS}
    return build_document(face, TAGS, _describe_paths(), {"schemas": schemas, "securitySchemes": BASIC})


def _describe_paths() -> OpenApi:
    return {
        "/": _read("landing", "The doors of this service", "capabilities", "Landing"),
        **describe_documents(),
        "/docs/{file}": {"get": _describe_file()},
        "/oauth/token": {"post": _describe_token()},
        "/oauth/revoke": {"post": _describe_revocation()},
        "/.well-known/jwks.json": _read("readKeys", "The keys that tokens are signed with", "token", "Keys"),
        "/.well-known/oauth-authorization-server": _read(
            "readMetadata", "OAuth metadata (RFC 8414)", "token", "Metadata"
        ),
        "/livez": _read("readLive", "Whether the process lives", "operations", "Live"),
        "/readyz": {"get": _describe_ready()},
        "/metrics": {"get": _describe_metrics()},
    }


def _read(name: str, summary: str, tag: str, schema: str) -> OpenApi:
    answers = {"200": content(summary, JSON, refer_to("schemas", schema))}
    return {"get": operation(name, summary, tag, answers=answers, refusals=ALWAYS)}


def _describe_token() -> OpenApi:
    grant = {"schema": refer_to("schemas", "Grant")}
    return operation(
        "createToken",
        "An access token for client credentials",
        "token",
        answers={
            "200": content("The token", JSON, refer(wire.Token), headers=NO_STORE),
            **REFUSED,
        },
        refusals=(413, 500, 503),
        security=[{}, {"basic": []}],
        description="The credentials go into the body, or into an HTTP Basic header.",
        body={"required": True, "content": {FORM: grant, JSON: grant}},
    )


def _describe_revocation() -> OpenApi:
    return operation(
        "revokeToken",
        "End an access token before its time (RFC 7009)",
        "token",
        answers={"200": {"description": "It no longer holds, if it did", "headers": NO_STORE}, **REFUSED},
        refusals=(413, 500, 503),
        security=[{}, {"basic": []}],
        description="The credentials go into the body, or into an HTTP Basic header.",
        body={"required": True, "content": {FORM: {"schema": refer_to("schemas", "Revocation")}}},
    )


def _describe_ready() -> OpenApi:
    ready = refer_to("schemas", "Ready")
    answers = {"200": content("It can work", JSON, ready), "503": content("It cannot", JSON, ready)}
    return operation("readReady", "Whether the service can work", "operations", answers=answers)


def _describe_metrics() -> OpenApi:
    answers = {"200": content("Prometheus text", PROMETHEUS, TEXT)}
    return operation("readMetrics", "Counters and gauges", "operations", answers=answers)


def _describe_file() -> OpenApi:
    body = {kind: {"schema": TEXT} for kind in ("text/css", "text/javascript")}
    return operation(
        "readDocsFile",
        "A file that the pages for people load",
        "capabilities",
        answers={"200": {"description": "The file", "content": body}},
        refusals=(*ALWAYS, 404),
        parameters=[part("file", "Its name", enum=[*FILES])],
    )


def _object(members: dict[str, Any], *needed: str) -> Schema:
    return {"type": "object", "properties": members, "required": [*needed] or [*members]}


NAMES: Schema = {"type": "array", "items": TEXT}
# Nobody makes a secret up that is one.
SECRET: Schema = {"type": "string", "format": "password"}
# RFC 6749 section 3.3.
SCOPES: Schema = {"type": "string", "pattern": r"^[!#-\[\]-~]+(?: [!#-\[\]-~]+)*$", "example": "tasking"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
SCHEMAS: dict[str, Schema] = {
    "Grant": _object(
        {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "client_id": TEXT,
            "client_secret": SECRET,
            "audience": TEXT,
            "scope": SCOPES,
        },
        "grant_type",
    ),
    "Revocation": _object(
        {
            "token": {**TEXT, "minLength": 1},
            "token_type_hint": TEXT,
            "client_id": TEXT,
            "client_secret": SECRET,
        },
        "token",
    ),
    "OAuthError": _object({"error": TEXT, "error_description": TEXT}),
    "Keys": _object({"keys": {"type": "array", "items": {"type": "object"}}}),
    "Metadata": _object(
        {
            "issuer": TEXT,
            "token_endpoint": ADDRESS,
            "revocation_endpoint": ADDRESS,
            "jwks_uri": ADDRESS,
            "scopes_supported": NAMES,
            "grant_types_supported": NAMES,
            "token_endpoint_auth_methods_supported": NAMES,
            "service_documentation": ADDRESS,
        }
    ),
    "Live": _object({"status": {"type": "string", "enum": ["alive"]}}),
    "Ready": _object(
        {
            "status": {"type": "string", "enum": ["ready", "not ready"]},
            "checks": {"type": "object", "additionalProperties": TEXT},
            "elements": _object(
                {
                    "satellites": {"type": "integer"},
                    "usable": {"type": "integer"},
                    "oldest_epoch": {**TIME, "nullable": True},
                    "oldest_age_days": {"type": "number", "nullable": True},
                }
            ),
        },
        "status",
        "checks",
    ),
}
