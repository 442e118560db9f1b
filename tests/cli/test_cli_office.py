"""`swath account` and `swath elements` on a data folder: what an operator does without any server."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from swath.cli.main import main
from swath.oauth.clients import holds
from swath.oauth.keys import load_digest_key
from swath.store.database import open_store

Run = Callable[..., str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the data folder; its output, or what it says on stderr when it must fail."""

    def run_line(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main((*arguments, "--data", str(data)))
        out, err = capsys.readouterr()
        assert left.value.code == code, err
        return out + err

    return run_line


def create(run: Run, name: str = "acme", *options: str) -> dict[str, str]:
    return json.loads(run("account", "create", name, *options, "--json"))


def accounts(run: Run) -> list[dict[str, Any]]:
    return json.loads(run("account", "list", "--json"))


class TestAccounts:
    def test_create_answers_what_scripts_need_and_no_more(self, run: Run) -> None:
        assert set(create(run, "acme", "--credits", "10")) == {"account", "client_id", "client_secret"}

    def test_the_secret_is_kept_as_a_digest_only(self, run: Run, data: Path) -> None:
        made = create(run)
        kept = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
        assert made["client_secret"].encode() not in kept
        store = open_store(f"sqlite:///{data / 'swath.db'}")
        with store.read() as reader:
            client = reader.api_client(made["client_id"])
        store.close()
        assert holds(load_digest_key(data / "keys"), client, made["client_secret"])

    def test_credits_add_up(self, run: Run) -> None:
        create(run, "acme", "--credits", "10")
        assert json.loads(run("account", "credit", "acme", "5", "--json"))["free"] == 15
        (listed,) = accounts(run)
        assert (listed["name"], listed["granted"], listed["held"], listed["charged"]) == ("acme", 15, 0, 0)

    def test_clients_come_and_go(self, run: Run) -> None:
        first = create(run)
        second = json.loads(run("account", "client", "add", "acme", "--scope", "catalog", "--json"))
        run("account", "client", "revoke", first["client_id"])
        clients = {client["client_id"]: client for client in accounts(run)[0]["clients"]}
        assert clients[first["client_id"]]["revoked"]
        assert clients[second["client_id"]] == {
            "client_id": second["client_id"],
            "scopes": ["catalog"],
            "revoked": False,
        }

    def test_people_get_tables(self, run: Run) -> None:
        assert "Keep the secret" in run("account", "create", "acme")
        assert "acme" in run("account", "list")

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("account", "create", "acme"), "an account named 'acme' already"),
            (("account", "credit", "nobody", "5"), "no account 'nobody'"),
            (("account", "client", "add", "acme", "--scope", "everything"), "tasking, catalog"),
            (("account", "client", "revoke", "nobody"), "no client 'nobody'"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_a_sentence(
        self, run: Run, arguments: tuple[str, ...], told: str
    ) -> None:
        create(run)
        assert told in run(*arguments, code=1)


class TestElements:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "grus.tle"
        path.write_text((files("swath.fleet") / "data" / "grus_elements.txt").read_text())
        return path

    def test_import_keeps_those_of_the_fleet(self, run: Run, file: Path) -> None:
        assert "GRUS-1A" in run("elements", "import", str(file))
        listed = json.loads(run("elements", "list", "--json"))
        assert {"GRUS-1A", "GRUS-1E"} <= {one["satellite"] for one in listed}
        assert listed[0]["epoch"].startswith("2026-08-2")

    def test_the_same_file_twice_is_nothing_newer(self, run: Run, file: Path) -> None:
        run("elements", "import", str(file))
        assert "Nothing newer" in run("elements", "import", str(file))

    def test_age_is_shown(self, run: Run, file: Path) -> None:
        run("elements", "import", str(file))
        assert " d " in run("elements", "list")

    def test_a_broken_file_changes_nothing(self, run: Run, file: Path) -> None:
        file.write_text(file.read_text().replace("97.4441", "97.4442", 1))
        assert "checksum" in run("elements", "import", str(file), code=1)
        assert json.loads(run("elements", "list", "--json")) == []
