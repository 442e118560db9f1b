"""The abstract tests of the standard: 353 conditions on its dataset, each with the number of matches it must have."""

import json
from collections.abc import Mapping

import pytest
from fastapi.testclient import TestClient

import cql2
from conformance.cql2_data import PLACES, load_errata, load_predicates
from swath.api.links import API

pytestmark = pytest.mark.slow

DATA = load_predicates()
ERRATA = load_errata()
CASES: Mapping[str, list[tuple[str, str, int]]] = {
    **{name: [] for name in sorted({row["conf_class"] for row in DATA["predicates"]})},
    "combinations": [
        (PLACES, DATA["combination_template"].format(**row), row["expected"]) for row in DATA["combinations"]
    ],
    "constants": [(PLACES, "true", 243), (PLACES, "false", 0)],
}
for row in DATA["predicates"]:
    expected = ERRATA.get(row["filter"], row["expected"])
    CASES[row["conf_class"]].append((row["collection"], row["filter"], expected))


def test_all_predicates_are_there() -> None:
    assert sum(map(len, CASES.values())) == 353
    assert ERRATA.keys() <= {row["filter"] for row in DATA["predicates"]}


@pytest.mark.parametrize("conformance_class", CASES)
def test_predicates_as_text(layers: TestClient, conformance_class: str) -> None:
    for collection, text, expected in CASES[conformance_class]:
        assert count(layers, collection, text, "cql2-text") == expected, text


@pytest.mark.parametrize("conformance_class", CASES)
def test_predicates_as_json(layers: TestClient, conformance_class: str) -> None:
    for collection, text, expected in CASES[conformance_class]:
        # Someone else's parser makes the JSON: it also checks how our own one reads the text.
        written = text if conformance_class == "constants" else json.dumps(cql2.parse_text(text).to_json())
        assert count(layers, collection, written, "cql2-json") == expected, text


def count(layers: TestClient, collection: str, text: str, lang: str) -> int:
    asked = {"filter": text, "filter-lang": lang, "limit": 1000}
    page = layers.get(f"{API}/collections/{collection}/items", params=asked).json()
    assert len(page["features"]) == page["numberMatched"], page
    return page["numberMatched"]


def test_the_errata_are_what_the_names_say(layers: TestClient) -> None:
    """The table counts two names each; without ACCENTI anyone can count them."""
    for prefix, names in (("Ch", {"Chișinău", "Chicago", "Chengdu"}), ("Chiș", {"Chișinău"})):
        asked = {"filter": f"name LIKE '{prefix}%'"}
        page = layers.get(f"{API}/collections/{PLACES}/items", params=asked).json()
        assert {feature["properties"]["name"] for feature in page["features"]} == names
