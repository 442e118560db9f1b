"""Commands and a running server share a data folder: what one changes the other sees at its next call."""

import json
import stat
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.serving import API, Server, serving, swath

pytestmark = pytest.mark.slow

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


def run(server: Server, *arguments: str) -> Any:
    return json.loads(swath("account", *arguments, "--data", str(server.data), "--json").stdout)


def fetch(server: Server, client_id: str, secret: str) -> httpx.Response:
    return httpx.post(f"{server.url}/oauth/token", data=GRANT, auth=(client_id, secret), timeout=30)


def fetch_token(server: Server, made: Any) -> str:
    return fetch(server, made["client_id"], made["client_secret"]).json()["access_token"]


def enter(server: Server, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{server.url}{API}/account", headers=headers, timeout=30).status_code


def test_nobody_is_cut_off_while_keys_and_secrets_are_rotated(server: Server) -> None:
    made = server.account("rotating")
    first = fetch_token(server, made)
    answers: Counter[int] = Counter()
    over = threading.Event()

    def call() -> None:
        while not over.is_set():
            token = fetch(server, made["client_id"], made["client_secret"])
            answers[token.status_code] += 1
            answers[enter(server, token.json()["access_token"])] += 1
            answers[enter(server, first)] += 1

    with ThreadPoolExecutor(2) as callers:
        calls = [callers.submit(call) for _ in range(2)]
        try:
            for _ in range(2):
                run(server, "key", "rotate")
            rotated = run(server, "secret", "rotate", made["client_id"])
        finally:
            over.set()
    assert [one.exception() for one in calls] == [None, None]
    assert set(answers) == {200}
    assert fetch(server, rotated["client_id"], rotated["client_secret"]).status_code == 200
    kids = [key["kid"] for key in httpx.get(f"{server.url}/.well-known/jwks.json").json()["keys"]]
    assert kids == [key["kid"] for key in run(server, "key", "list")]
    assert len(kids) == 3


def test_what_a_command_ends_has_ended_for_the_server(server: Server) -> None:
    made = server.account("ending")
    lost, kept = fetch_token(server, made), fetch_token(server, made)
    swath("account", "token", "revoke", lost, "--data", str(server.data))
    assert (enter(server, lost), enter(server, kept)) == (401, 200)
    run(server, "client", "revoke", made["client_id"])
    assert enter(server, kept) == 401
    assert fetch(server, made["client_id"], made["client_secret"]).status_code == 401


def test_a_stolen_key_is_worth_nothing_after_one_command(server: Server) -> None:
    made = server.account("stolen")
    token = fetch_token(server, made)
    run(server, "key", "rotate", "--forget")
    assert enter(server, token) == 401
    assert enter(server, fetch_token(server, made)) == 200


def test_nobody_else_reads_the_keys(server: Server) -> None:
    keys = server.data / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
