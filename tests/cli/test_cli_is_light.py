"""`pip install swath` brings SDK and commands without the server: importing them must not ask for its packages."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "shapely", "sqlalchemy", "fastapi", "dbos", "rasterio", "orjson", "sgp4", "swath.bootstrap")


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_the_commands_and_the_sdk_import_nothing_of_the_server() -> None:
    program = f"import sys, swath.client, swath.cli.main; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    shown = run(program)
    assert (shown.returncode, shown.stdout.strip()) == (0, ""), shown.stderr


@pytest.mark.slow
def test_a_server_command_without_the_server_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['fastapi'] = None; sys.modules['sqlalchemy'] = None\n"
        "from swath.cli.main import main; main(['account', 'list'])"
    )
    shown = run(program)
    assert shown.returncode == 1
    assert "pip install 'swath[server]'" in shown.stderr
    assert "Traceback" not in shown.stderr
