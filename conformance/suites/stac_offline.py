"""Runs a STAC validator with no way out: `stac_offline.py SCHEMAS TOOL ARGUMENT...`.

The validators fetch JSON schemas while they run. Here such calls are answered from files: the core schemas from
PyPI's pystac, which carries those of its STAC version, all others from SCHEMAS/<host>/<path>. What is in neither is
answered with {} and told at the end as STUBBED, so that no pass hides a schema that was not looked at.

TOOL is stac-api-validator, or `documents`: stac-validator on each of the files that are given.
"""

import importlib
import io
import json
import sys
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pystac
import requests
import urllib3
from counting import Checks

HOSTS = frozenset(
    {
        "schemas.stacspec.org",
        "geojson.org",
        "stac-extensions.github.io",
        "proj.org",
        "raw.githubusercontent.com",
        "json-schema.org",
    }
)
CARRIED = Path(pystac.__file__).parent / "validation" / "jsonschemas"


class Schemas:
    """Answers the addresses of schemas from files, and remembers those that it could not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: set[str] = set()
        self.stubbed: set[str] = set()

    def read(self, url: str) -> bytes | None:
        """The schema at an address; None when the address is no schema's."""
        parts = urlsplit(url)
        if parts.netloc not in HOSTS:
            return None
        file = next((file for file in self._places(parts.netloc, parts.path) if file.is_file()), None)
        (self.found if file else self.stubbed).add(url)
        return file.read_bytes() if file else b"{}"

    def _places(self, host: str, path: str) -> list[Path]:
        name, version = path.rpartition("/")[2], path.strip("/").partition("/")[0]
        return [
            self._folder / host / path.lstrip("/"),
            CARRIED / ("geojson" if host == "geojson.org" else f"stac-spec/{version}") / name,
        ]


def answer_from_files(schemas: Schemas) -> None:
    """From now on no library of this process fetches a schema."""
    requests.Session.send = _instead(requests.Session.send, schemas, lambda _, call: call.url, _as_response)
    urllib.request.urlopen = _instead(
        urllib.request.urlopen, schemas, lambda call: getattr(call, "full_url", call), _as_file
    )
    urllib3.PoolManager.request = _instead(
        urllib3.PoolManager.request, schemas, lambda _, method, url: url, _as_urllib3
    )


def _instead(
    real: Callable[..., Any],
    schemas: Schemas,
    find_url: Callable[..., str],
    build: Callable[[str, bytes, Mapping[str, Any]], Any],
) -> Callable[..., Any]:
    """A call that is answered from files where it is for a schema, and goes its usual way where it is not."""

    def call(*arguments: Any, **options: Any) -> Any:
        url = find_url(*arguments[: find_url.__code__.co_argcount])
        body = schemas.read(url)
        return real(*arguments, **options) if body is None else build(url, body, options)

    return call


def _as_response(url: str, body: bytes, _: Mapping[str, Any]) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response.raw = 200, url, io.BytesIO(body)
    response.headers["content-type"] = "application/json"
    return response


def _as_file(_: str, body: bytes, __: Mapping[str, Any]) -> io.BytesIO:
    file = io.BytesIO(body)
    file.status, file.headers = 200, {}
    return file


def _as_urllib3(_: str, body: bytes, options: Mapping[str, Any]) -> urllib3.HTTPResponse:
    loaded = options.get("preload_content", True)
    return urllib3.HTTPResponse(body=io.BytesIO(body), status=200, preload_content=loaded)


def judge_documents(files: list[str]) -> None:
    """stac-validator on each file, one check each."""
    checks = Checks()
    for file in files:
        checks.check(Path(file).name, partial(_judge_document, file))
    checks.end()


def _judge_document(file: str) -> str:
    from stac_validator.validate import StacValidate

    judged = StacValidate(file)
    if not judged.run():
        raise ValueError(json.dumps(judged.message))
    return f"{len(judged.message[0]['schema'])} schemas"


def run_tool(module: str, function: str, name: str, arguments: list[str]) -> None:
    """A command of a package in this process, as if it had been called by its name."""
    sys.argv = [name, *arguments]
    sys.exit(getattr(importlib.import_module(module), function)())


TOOLS: dict[str, Callable[[list[str]], None]] = {
    "stac-api-validator": partial(run_tool, "stac_api_validator.__main__", "main", "stac-api-validator"),
    "documents": judge_documents,
}


def main() -> None:
    folder, tool, *arguments = sys.argv[1:]
    schemas = Schemas(Path(folder))
    answer_from_files(schemas)
    try:
        TOOLS[tool](arguments)
    finally:
        told = {"from_files": len(schemas.found), "STUBBED": sorted(schemas.stubbed)}
        print("SCHEMAS", json.dumps(told))


if __name__ == "__main__":
    main()
