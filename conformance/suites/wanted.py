"""What a list holds, asked with nothing but the standard library: clients have to find the same."""

import json
import urllib.parse
import urllib.request
from typing import Any


def fetch(url: str, token: str) -> Any:
    """The JSON document at an address."""
    request = urllib.request.Request(
        url, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def list_collections(base: str, token: str) -> list[str]:
    """Ids of the collections."""
    return [collection["id"] for collection in fetch(f"{base}/collections", token)["collections"]]


def count(base: str, token: str, collection: str, **query: str) -> int:
    """numberMatched of a list."""
    asked = urllib.parse.urlencode({"limit": "1", **query})
    return fetch(f"{base}/collections/{collection}/items?{asked}", token)["numberMatched"]
