"""`swath account` and `swath elements` on a data folder: what an operator does without any server."""

import io
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from swath.cli.main import main
from swath.data_folder import keep_fleet
from swath.errors import Malformed, Unauthenticated
from swath.oauth.authenticate import Authenticator
from swath.oauth.clients import holds
from swath.oauth.keys import load_digest_key
from swath.oauth.tokens import open_tokens
from swath.settings import Settings
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
        assert holds(load_digest_key(data / "keys"), client, made["client_secret"], datetime.now(UTC))

    def test_a_new_data_folder_is_closed_to_others(self, run: Run, data: Path) -> None:
        create(run)
        assert stat.S_IMODE(data.stat().st_mode) == 0o700

    def test_credits_add_up(self, run: Run) -> None:
        create(run, "acme", "--credits", "10")
        assert json.loads(run("account", "credit", "acme", "5", "--json"))["free"] == 15
        (listed,) = accounts(run)
        assert (listed["name"], listed["granted"], listed["held"], listed["charged"]) == ("acme", 15, 0, 0)

    def test_clients_come_and_go(self, run: Run) -> None:
        first = create(run)
        second = json.loads(run("account", "client", "add", "acme", "--scope", "catalog", "--json"))
        revoked = json.loads(run("account", "client", "revoke", first["client_id"], "--json"))
        listed = json.loads(run("account", "client", "list", "acme", "--json"))
        assert listed == accounts(run)[0]["clients"]
        assert listed[0] == revoked
        told = [(client["client_id"], client["scopes"], client["revoked"]) for client in listed]
        assert told == [
            (first["client_id"], ["tasking", "catalog", "sandbox"], True),
            (second["client_id"], ["catalog"], False),
        ]

    def test_a_secret_is_rotated_and_the_last_one_ends_after_the_overlap(self, run: Run, data: Path) -> None:
        made = create(run)
        rotated = json.loads(
            run("account", "secret", "rotate", made["client_id"], "--overlap", "PT2H", "--json")
        )
        assert (rotated["account"], rotated["client_id"]) == (made["account"], made["client_id"])
        (client,) = json.loads(run("account", "client", "list", "acme", "--json"))
        old, new = client["secrets"]
        ends, created = (datetime.fromisoformat(text) for text in (old["ends"], new["created"]))
        assert (ends - created, new["ends"]) == (timedelta(hours=2), None)

    def test_a_slip_in_the_name_of_the_folder_makes_no_folder(self, run: Run, data: Path) -> None:
        for command in (("account", "list"), ("elements", "list"), ("schedule", "show"), ("worker",)):
            assert "--data names its folder" in run(*command, code=1)
        assert not data.exists()

    def test_a_file_that_is_no_database_is_named(self, run: Run, data: Path) -> None:
        data.mkdir()
        (data / "swath.db").write_bytes(b"not a database, but longer than the header of one " * 20)
        assert "swath.db is no database" in run("account", "list", code=1)

    def test_keys_take_turns(self, run: Run) -> None:
        create(run)
        (first,) = json.loads(run("account", "key", "list", "--json"))
        old, new = json.loads(run("account", "key", "rotate", "--json"))
        assert (old["kid"], new["ends"]) == (first["kid"], None)
        assert old["ends"] is not None
        (only,) = json.loads(run("account", "key", "rotate", "--forget", "--json"))
        assert only["kid"] not in (old["kid"], new["kid"])

    def test_one_token_is_ended(self, run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        made = create(run)
        tokens = open_tokens(Settings(data, public_url="https://tasking.example.org"), data / "keys")
        token = tokens.issue(made["client_id"], made["account"], ["tasking"])
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{token}\n"))
        run("account", "token", "revoke", "-")
        store = open_store(f"sqlite:///{data / 'swath.db'}")
        with pytest.raises(Unauthenticated, match="revoked"):
            Authenticator(store, tokens).identify([f"Bearer {token}"], "tasking")
        store.close()

    def test_people_get_tables(self, run: Run) -> None:
        assert "Keep the secret" in run("account", "create", "acme")
        assert "acme" in run("account", "list")
        assert "signs now" in run("account", "key", "list")
        assert "tasking catalog sandbox" in run("account", "client", "list", "acme")

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("account", "create", "acme"), "an account named 'acme' already"),
            (("account", "credit", "nobody", "5"), "no account 'nobody'"),
            (("account", "client", "add", "acme", "--scope", "everything"), "tasking, catalog"),
            (("account", "client", "revoke", "nobody"), "no client 'nobody'"),
            (("account", "secret", "rotate", "nobody"), "no client 'nobody'"),
            (("account", "secret", "rotate", "nobody", "--overlap", "P100D"), "PT0S to P90D"),
            (("account", "token", "revoke", "garbage"), "not sound"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_a_sentence(
        self, run: Run, arguments: tuple[str, ...], told: str
    ) -> None:
        create(run)
        assert told in run(*arguments, code=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The bundled element sets."""
    path = tmp_path / "grus.tle"
    path.write_text((files("swath.fleet") / "data" / "grus_elements.txt").read_text())
    return path


class TestElements:
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


class TestFleet:
    @pytest.fixture
    def mine(self, tmp_path: Path) -> Path:
        """The bundled fleet with one satellite under a name of its own."""
        bundled = files("swath.fleet") / "data" / "grus.toml"
        path = tmp_path / "mine.toml"
        path.write_text(
            bundled.read_text("utf-8").replace("[satellites.GRUS-1A]", "[satellites.MINE]"), "utf-8"
        )
        return path

    def test_commands_work_with_the_fleet_that_was_served(
        self, run: Run, data: Path, mine: Path, file: Path
    ) -> None:
        create(run)
        keep_fleet(Settings(data, fleet_file=mine))
        mine.unlink()
        assert "MINE" in run("elements", "import", str(file))

    def test_a_folder_without_one_has_the_bundled_fleet(
        self, run: Run, data: Path, mine: Path, file: Path
    ) -> None:
        create(run)
        keep_fleet(Settings(data, fleet_file=mine))
        (data / "fleet.toml").unlink()
        assert "GRUS-1A" in run("elements", "import", str(file))

    def test_a_broken_fleet_leaves_the_one_that_is_kept(
        self, run: Run, data: Path, mine: Path, file: Path
    ) -> None:
        create(run)
        keep_fleet(Settings(data, fleet_file=mine))
        mine.write_text("[limits]\n", "utf-8")
        with pytest.raises(Malformed, match=r"mine\.toml: The fleet has no satellite"):
            keep_fleet(Settings(data, fleet_file=mine))
        assert "MINE" in run("elements", "import", str(file))


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1/swath", "mysql://127.0.0.1/swath", "swath.db", "://"]
)
def test_a_database_that_is_not_served_is_refused_in_a_sentence(run: Run, url: str) -> None:
    said = run("account", "list", "--database-url", url, code=1)
    assert "sqlite:////" in said
    assert "Traceback" not in said
