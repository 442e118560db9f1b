"""Tokens: those that nobody issued, and the clients and rules of those that are."""

from conformance.outcome import read_forgeries, read_fractions
from conformance.place import Place
from conformance.suite import Suite


def _protected(place: Place) -> str:
    return f"{place.target.tasking}/collections/plans/items"


def _forgeries(place: Place) -> list[str]:
    keys = f"{place.target.url}/.well-known/jwks.json"
    return place.script("jwt_attacks.py", _protected(place), place.target.token, "--jwks", keys)


def _clients(place: Place) -> list[str]:
    target = place.target
    way_in = (f"{target.url}/oauth/token", target.client_id, target.client_secret)
    return place.script("oauth_clients.py", *way_in, _protected(place), "tasking")


SUITES = (
    Suite("JWT forgeries", "oauth", _forgeries, read_forgeries),
    Suite("OAuth clients and rules", "oauth", _clients, read_fractions),
)
