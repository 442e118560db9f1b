"""One server for all tests of bad input: they change nothing in it, and each is held to that."""

from collections.abc import Iterator

import pytest
from joserfc.jwk import RSAKey
from tests.acceptance.bad_input_world import Json, World, open_world
from tests.acceptance.forge import Forge, decode


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("bad")) as made:
        yield made


@pytest.fixture(scope="session")
def last_seen(world: World) -> list[Json]:
    """The state after the test before, so that one that changes something fails alone."""
    return [world.state()]


@pytest.fixture
def unchanged(world: World, last_seen: list[Json]) -> Iterator[None]:
    """After the test everything is as it was before it."""
    yield
    before, last_seen[0] = last_seen[0], world.state()
    assert last_seen[0] == before


@pytest.fixture(scope="session")
def forge(world: World) -> Forge:
    sound = world.owner.http.headers["authorization"].removeprefix("Bearer ")
    header, claims = (decode(part) for part in sound.split(".")[:2])
    (key,) = world.owner.get("/.well-known/jwks.json")["keys"]
    other = RSAKey.generate_key(2048)
    return Forge(sound, header, claims, RSAKey.import_key(key), other, world.tokens)
