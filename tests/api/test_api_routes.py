"""The switchboard finds the same route as trying them all would."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from swath.api.routes import PlainRoute, Switchboard


def answer(request: Request) -> Response:
    return Response()


ROUTES = [
    PlainRoute(path, answer, methods=[method])
    for path, method in (
        ("/a", "GET"),
        ("/a", "POST"),
        ("/a/{x}", "GET"),
        ("/a/{x}", "DELETE"),
        ("/a/b", "GET"),
        ("/a/{x}/b", "POST"),
        ("/{y}/c/b", "GET"),
    )
]
BOARD = Switchboard(ROUTES)


def find(path: str, method: str) -> tuple[Match, PlainRoute | None]:
    match, child_scope = BOARD.matches({"type": "http", "path": path, "method": method})
    return match, child_scope.get("route")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "path", ["/a", "/a/q", "/a/q/b", "/a/c/b", "/z/c/b", "/", "", "/a/", "/a//b", "/b", "/a/q/c"]
)
def test_it_takes_what_a_route_takes_and_tells_a_wrong_method_from_a_wrong_address(
    path: str, method: str
) -> None:
    matches = [route.matches({"type": "http", "path": path, "method": method})[0] for route in ROUTES]
    found, route = find(path, method)
    best = next((m for m in (Match.FULL, Match.PARTIAL) if m in matches), Match.NONE)
    assert found is best
    if route is not None:
        assert matches[ROUTES.index(route)] is best


def test_a_whole_address_comes_before_one_with_a_parameter() -> None:
    assert find("/a/b", "GET")[1] is ROUTES[4]
    assert find("/a/b", "DELETE")[1] is ROUTES[3]


def test_websockets_and_lifespans_have_no_route_here() -> None:
    assert BOARD.matches({"type": "lifespan"})[0] is Match.NONE
