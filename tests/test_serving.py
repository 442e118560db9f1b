"""How a service begins: on a port of its own, and on data of its own kind."""

import socket
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
import uvicorn

from swath import bootstrap
from swath.data_folder import build_clock, open_store, served_alone
from swath.errors import Conflict, NotFound, Unavailable
from swath.settings import Settings
from swath.tasking.accounts import create_account

pytestmark = pytest.mark.door


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    told, data = list[str](), tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"port {port} of 127\.0\.0\.1: Address already in use"):
            bootstrap.serve(Settings(data, port=port), told.append)
    assert (told, data.exists()) == ([], False)


def test_a_host_that_is_not_here_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Nobody can listen"):
        bootstrap.serve(Settings(tmp_path, host="nowhere.invalid"))


def test_nobody_is_told_an_address_before_the_service_stands(tmp_path: Path) -> None:
    told, broken = list[str](), tmp_path / "fleet.toml"
    broken.write_text("[[satellites", "utf-8")
    with pytest.raises(Exception, match="fleet"):
        bootstrap.serve(Settings(tmp_path / "data", port=0, fleet_file=broken), told.append)
    assert told == []


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_folder_stays_what_it_was_begun_as(tmp_path: Path, sandbox: bool) -> None:
    """A sandbox's time is not the world's: what was promised in one must not be kept by the other."""
    house = bootstrap.open_house(Settings(tmp_path, sandbox=sandbox))
    house.jobs.start()
    house.jobs.stop()
    house.store.close()
    with pytest.raises(Conflict, match="another folder"):
        bootstrap.open_house(Settings(tmp_path, sandbox=not sandbox))
    bootstrap.open_house(Settings(tmp_path, sandbox=sandbox)).store.close()


def test_a_folder_is_served_with_its_fleet_until_another_is_given(tmp_path: Path) -> None:
    data, mine = tmp_path / "data", tmp_path / "mine.toml"
    bundled = (files("swath.fleet") / "data" / "grus.toml").read_text("utf-8")
    mine.write_text(bundled.replace("[satellites.GRUS-1A]", "[satellites.MINE]"), "utf-8")
    data.mkdir()
    for given, served in [(None, "GRUS-1A"), (mine, "MINE"), (None, "MINE")]:
        house = bootstrap.open_house(Settings(data, fleet_file=given))
        house.store.close()
        assert served in house.rules.fleet.satellites


def test_a_folder_has_one_server_at_a_time(tmp_path: Path) -> None:
    told = list[str]()
    with served_alone(tmp_path), pytest.raises(Conflict, match=f"Another server serves {tmp_path};"):
        bootstrap.serve(Settings(tmp_path, port=0), told.append)
    with served_alone(tmp_path):
        assert told == []


def test_a_server_holds_its_folder_for_as_long_as_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = list[str]()

    def run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
        with pytest.raises(Conflict) as found, served_alone(tmp_path):
            pass
        refused.append(found.value.message)

    monkeypatch.setattr(uvicorn.Server, "run", run)
    bootstrap.serve(Settings(tmp_path, port=0))
    assert len(refused) == 1
    with served_alone(tmp_path):
        pass


HOLD = """
import sys, time
from pathlib import Path
from swath.data_folder import served_alone
with served_alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


def test_a_server_that_is_killed_leaves_its_folder_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline() == "held\n"
            with pytest.raises(Conflict), served_alone(tmp_path):
                pass
        finally:
            server.kill()
    with served_alone(tmp_path):
        pass


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_worker_waits_for_no_server_that_is_still_setting_up(tmp_path: Path, sandbox: bool) -> None:
    """One that came first would take a sandbox for a real service, and do its work by the machine's clock."""
    settings = Settings(tmp_path, sandbox=sandbox)
    store = open_store(settings)
    build_clock(settings, store)
    store.close()
    with pytest.raises(NotFound, match="start swath serve first"):
        bootstrap.run_worker(Settings(tmp_path))


def test_a_folder_that_was_only_prepared_can_become_a_sandbox(tmp_path: Path) -> None:
    """With accounts and elements of its own, by the commands that work without a server."""
    house = bootstrap.open_house(Settings(tmp_path))
    with house.store.begin() as uow:
        create_account(uow, "acme", 10, house.clock.now())
    house.store.close()
    bootstrap.open_house(Settings(tmp_path, sandbox=True)).store.close()
