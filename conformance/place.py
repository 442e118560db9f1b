"""Where a run takes place: the filled server, the tools, the folder of its logs and documents."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conformance.target import POSTGRES, Target

HERE = Path(__file__).parent
ROOT = HERE.parent
TOOLS = ROOT / ".venv-conformance"
NPM = HERE / "node_modules"
ETS = TOOLS / "ets"
SYSTEM_PYTHON = Path("/usr/bin/python3")
# What validators fetch while they run, as files: SCHEMAS/<host>/<path>.
SCHEMAS = HERE / "schemas"


@dataclass(frozen=True)
class Place:
    """A target, and a folder for logs and for the documents that were taken from it."""

    target: Target
    folder: Path

    def script(self, name: str, *arguments: str) -> list[str]:
        """The command that runs one of our scripts, or of those that were copied, in the tools' environment."""
        return [self.tool("python"), str(find_script(name)), *arguments]

    def node_script(self, name: str, *arguments: str) -> list[str]:
        return ["node", str(find_script(name)), *arguments]

    def tool(self, name: str) -> str:
        return str(TOOLS / "bin" / name)

    def npm(self, name: str) -> str:
        return str(NPM / ".bin" / name)

    def through_proxy(self, address: str) -> str:
        """An address of the server's, for programs that send no token."""
        return address.replace(self.target.url, self.target.proxy)

    def file(self, name: str) -> str:
        return str(self.folder / name)


def find_script(name: str) -> Path:
    """A script in suites/ or copied/; raises FileNotFoundError."""
    for folder in ("suites", "copied"):
        if (HERE / folder / name).exists():
            return HERE / folder / name
    raise FileNotFoundError(f"There is no script {name} in {HERE}/suites or {HERE}/copied.")


# What a suite needs of the machine: why it is missing, or nothing.
Need = Callable[[], str | None]


def program(name: str) -> Need:
    """A program of the system."""
    return lambda: None if shutil.which(name) else f"no {name}"


def npm(name: str) -> Need:
    """A package that npm has installed."""
    return lambda: program("node")() or (None if (NPM / name).exists() else f"npm did not install {name}")


def postgres() -> str | None:
    """An empty database with PostGIS, named in the environment."""
    return None if POSTGRES in os.environ else f"no PostgreSQL: set {POSTGRES}"


def qgis() -> str | None:
    """QGIS is a library of the system's Python."""
    found = any(Path("/usr/lib/python3/dist-packages").glob("qgis/core"))
    return None if found and SYSTEM_PYTHON.exists() else "no QGIS"


def ets() -> str | None:
    """The official suite is a jar of Maven Central's; another copy may be named in the environment."""
    jar = find_jar()
    if jar is None:
        return "no jar of the suite: set ETS_JAR"
    return None if jar.is_file() else f"ETS_JAR names {jar}, which is not there"


def find_jar() -> Path | None:
    """The jar that ETS_JAR names, else the one that the set-up could get."""
    named = os.environ.get("ETS_JAR")
    return Path(named).absolute() if named else next(iter(sorted(ETS.glob("*-aio.jar"))), None)
