"""Turns the JSON Schemas of the wire models into those of OpenAPI 3.0, which speaks an older dialect."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

Schema = dict[str, Any]
REF = "#/components/schemas/"
# OpenAPI 3.0 has no type for null alone.
NULL: Schema = {"type": "object", "nullable": True, "enum": [None]}
# Words of the newer dialect that the older one lacks and that only annotate.
DROPPED = frozenset({"$schema", "$id", "$defs"})


def build_schemas(
    drafts: Iterable[type[BaseModel]], documents: Iterable[type[BaseModel]]
) -> dict[str, Schema]:
    """Component schemas by model name: drafts as they are sent, documents as they are answered."""
    sent: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in drafts]
    told: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "serialization") for model in documents]
    _, found = models_json_schema([*sent, *told], by_alias=True, ref_template=f"{REF}{{model}}")
    return {name: to_openapi(schema) for name, schema in found["$defs"].items()}


def refer(model: type[BaseModel]) -> Schema:
    """A reference to the component of a model."""
    return {"$ref": f"{REF}{model.__name__}"}


def name_page(model: type[BaseModel]) -> str:
    """What the component of a page of such features is called."""
    return f"{model.__name__}Page"


def describe_page(model: type[BaseModel]) -> Schema:
    """The schema of such a page; by itself and not out of parts, which generators of clients do not put together."""
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": refer(model)},
            "links": LINKS,
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
            "timeStamp": {"type": "string", "format": "date-time"},
        },
        "type",
        "features",
    )


def to_openapi(schema: Mapping[str, Any]) -> Schema:
    """One schema in the words of OpenAPI 3.0: null becomes nullable, const an enum, tuples plain arrays."""
    rest = {name: value for name, value in schema.items() if name not in DROPPED}
    rest = _say_nullable(rest)
    if "const" in rest:
        rest["enum"] = [rest.pop("const")]
    if "prefixItems" in rest:
        members = rest.pop("prefixItems")
        rest["items"] = members[0]
    if "examples" in rest:
        rest["example"] = rest.pop("examples")[0]
    for bound, edge in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if edge in rest:
            rest |= {bound: rest.pop(edge), edge: True}
    return {name: _convert(name, value) for name, value in rest.items()}


def _say_nullable(schema: Schema) -> Schema:
    options: list[Any] = schema.get("anyOf", [])
    others = [option for option in options if option.get("type") != "null"]
    if len(others) == len(options):
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if len(others) == 1 and "$ref" not in others[0]:
        return {**others[0], **rest, "nullable": True}
    return {**rest, "anyOf": [*others, NULL]}


def _convert(name: str, value: Any) -> Any:
    if name == "properties":
        return {key: to_openapi(inner) for key, inner in value.items()}
    if name in ("items", "additionalProperties") and isinstance(value, Mapping):
        return to_openapi(value)
    if name in ("anyOf", "allOf", "oneOf"):
        return [to_openapi(inner) for inner in value]
    return value


def _object(properties: Mapping[str, Schema], *required: str) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


TEXT: Schema = {"type": "string"}
LINKS: Schema = {"type": "array", "items": {"$ref": f"{REF}Link"}}
_KINDS: Schema = {
    "type": "array",
    "items": {"type": "string", "enum": ["string", "number", "boolean", "datetime", "geometry"]},
}
_ARGUMENT = _object({"title": TEXT, "type": _KINDS}, "type")
_FUNCTION = _object(
    {
        "name": TEXT,
        "description": TEXT,
        "arguments": {"type": "array", "items": _ARGUMENT},
        "returns": _KINDS,
    },
    "name",
    "returns",
)
# As OGC API Features part 3 has it.
FUNCTIONS = _object({"functions": {"type": "array", "items": _FUNCTION}, "links": LINKS}, "functions")
# What no wire model stands for.
PLAIN: Mapping[str, Schema] = {
    "JsonSchema": _object(
        {"$schema": TEXT, "$id": TEXT, "type": TEXT, "properties": {"type": "object"}}, "$schema", "$id"
    ),
    "Landing": _object({"title": TEXT, "description": TEXT, "links": LINKS}, "links"),
    "Conformance": _object({"conformsTo": {"type": "array", "items": TEXT}}, "conformsTo"),
    "Functions": FUNCTIONS,
    "Collection": _object(
        {
            "id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "itemType": TEXT,
            "crs": {"type": "array", "items": TEXT},
            "storageCrs": TEXT,
            "extent": {"type": "object"},
            "links": LINKS,
        },
        "id",
        "links",
    ),
    "Collections": _object(
        {
            "links": LINKS,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
        },
        "links",
        "collections",
    ),
}
