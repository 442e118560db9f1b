"""The test layers of the CQL2 standard behind a whole application, on every database there is.

PostgreSQL is one of them where SWATH_CONFORMANCE_POSTGRES names an empty database with PostGIS, such as
postgresql+psycopg://postgres@127.0.0.1/layers.
"""

import os
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from conformance.layers import build_app, fill, open_engine

POSTGRES = os.environ.get("SWATH_CONFORMANCE_POSTGRES")
DATABASES = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)


@pytest.fixture(scope="session", params=DATABASES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    file = tmp_path_factory.mktemp("layers") / "layers.db"
    opened = open_engine(POSTGRES if request.param == "postgresql" else f"sqlite:///{file}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def layers(engine: Engine) -> TestClient:
    return TestClient(build_app(engine, list(fill(engine).values())), raise_server_exceptions=False)
