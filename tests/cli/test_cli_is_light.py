"""`pip install swath` brings SDK and commands without the server: importing them must not ask for its packages."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "shapely", "sqlalchemy", "fastapi", "dbos", "rasterio", "orjson", "sgp4", "swath.bootstrap")


@pytest.mark.parametrize("module", ["swath.client", "swath.cli.main", "swath.wire"])
def test_importing_it_imports_nothing_of_the_server(module: str) -> None:
    program = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


def test_a_server_command_without_the_server_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['fastapi'] = None; sys.modules['sqlalchemy'] = None\n"
        "from swath.cli.main import main; main(['account', 'list'])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert shown.returncode == 1
    assert "pip install 'swath[server]'" in shown.stderr
    assert "Traceback" not in shown.stderr
