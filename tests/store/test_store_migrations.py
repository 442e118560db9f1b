"""Data folders of earlier versions are taken over as they are."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from swath.oauth.clients import compute_digest, holds
from swath.store.database import SqlStore, build_engine, migrate
from swath.tasking.model import Balance

KEY = b"k" * 32


def move(engine: Engine, how: Callable[[Config, str], None], revision: str) -> None:
    """Bring the tables of a database up or down to a revision."""
    config = Config()
    config.set_main_option("script_location", "swath.store:migrations")
    with engine.execution_options(swath_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        how(config, revision)


def test_secrets_of_the_first_tables_still_hold(tmp_path: Path, now: datetime) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'old.db'}")
    move(engine, command.upgrade, "0001")
    with engine.execution_options(swath_writes=True).begin() as connection:
        stamp = "2026-08-22T12:00:00.000000Z"
        connection.execute(
            text("INSERT INTO accounts (id, name, created) VALUES ('a', 'acme', :at)"), {"at": stamp}
        )
        connection.execute(
            text(
                "INSERT INTO api_clients (id, account_id, secret_digest, scopes, created)"
                " VALUES ('c', 'a', :digest, '[\"tasking\"]', :at)"
            ),
            {"digest": compute_digest(KEY, "old secret"), "at": stamp},
        )
    migrate(engine)
    store = SqlStore(engine)
    with store.read() as reader:
        client = reader.api_client("c")
    assert client is not None
    assert (client.scopes, client.created) == (("tasking",), now)
    assert holds(KEY, client, "old secret", now)
    move(engine, command.downgrade, "0001")
    with engine.connect() as connection:
        (digest,) = connection.execute(text("SELECT secret_digest FROM api_clients")).scalars()
    assert digest == compute_digest(KEY, "old secret")
    store.close()


def test_accounts_of_earlier_versions_have_what_their_ledger_says(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'old.db'}")
    move(engine, command.upgrade, "0006")
    stamp = "2026-08-22T12:00:00.000000Z"
    entries = [
        ("GRANT", 10, None),
        ("HOLD", 3, "r1"),
        ("CHARGE", 3, "r1"),
        ("HOLD", 1, "r2"),
        ("GRANT", 5, None),
    ]
    with engine.execution_options(swath_writes=True).begin() as connection:
        connection.execute(
            text("INSERT INTO accounts (id, name, created) VALUES ('a', 'acme', :at)"), {"at": stamp}
        )
        for kind, amount, request in entries:
            connection.execute(
                text(
                    "INSERT INTO ledger (account_id, kind, amount, at, request_id, note)"
                    " VALUES ('a', :kind, :amount, :at, :request, '')"
                ),
                {"kind": kind, "amount": amount, "at": stamp, "request": request},
            )
    migrate(engine)
    store = SqlStore(engine)
    with store.read() as reader:
        assert reader.balance("a") == Balance(granted=15, held=1, charged=3)
    store.close()


def test_tables_go_back_to_any_version_and_forth_again(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(engine)

    def read_schema() -> set[str]:
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql > ''")
            )
            return set(found.scalars())

    newest = read_schema()
    for revision in ("0003", "0001"):
        move(engine, command.downgrade, revision)
        assert read_schema() != newest
        migrate(engine)
        assert read_schema() == newest
    engine.dispose()
