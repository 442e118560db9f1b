"""The API definition as one page for people: plain HTML, nothing loaded from anywhere."""

from collections.abc import Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2733}"
    "h1,h2{line-height:1.2}code{background:#eef2f5;padding:.1em .3em;border-radius:3px}"
    "details{border:1px solid #d5dde3;border-radius:6px;margin:.5rem 0;padding:.5rem .8rem}"
    "summary{cursor:pointer}.m{display:inline-block;min-width:4.2rem;font-weight:700}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
)


def build_docs_page(openapi: Mapping[str, Any]) -> str:
    """HTML of an OpenAPI document, its operations by tag."""
    info = openapi["info"]
    title = escape(info["title"])
    sections = "".join(_build_section(tag, openapi) for tag in openapi["tags"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<h1>{title} {escape(info['version'])}</h1><p>{escape(info['description'])}</p>"
        f"<p>Base address: <code>{escape(openapi['servers'][0]['url'])}</code>. "
        '<a href="api">The same as OpenAPI</a>.</p>'
        f"{sections}</body></html>"
    )


def _build_section(tag: Mapping[str, str], openapi: Mapping[str, Any]) -> str:
    operations = [
        _build_operation(method, path, operation, openapi)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
        if method != "servers" and tag["name"] in operation["tags"]
    ]
    return f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>{''.join(operations)}"


def _build_operation(method: str, path: str, operation: Mapping[str, Any], openapi: Mapping[str, Any]) -> str:
    parameters = [_resolve(parameter, openapi) for parameter in operation.get("parameters", ())]
    answers = [
        (status, _resolve(told, openapi)["description"]) for status, told in operation["responses"].items()
    ]
    return (
        f'<details><summary><span class="m">{method.upper()}</span><code>{escape(path)}</code> '
        f"{escape(operation['summary'])}</summary>"
        f"{_build_table('Parameter', [(p['name'], p['description']) for p in parameters])}"
        f"{_build_table('Answer', answers)}</details>"
    )


def _build_table(head: str, rows: list[tuple[str, str]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>" for name, text in rows
    )
    return f"<table><tr><th>{head}</th><th></th></tr>{body}</table>"


def _resolve(value: Mapping[str, Any], openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = openapi
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found
