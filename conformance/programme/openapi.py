"""The OpenAPI document of every door: linters judge its text, schemathesis whether the server does what it says."""

from functools import partial

from conformance.documents import OPENAPI
from conformance.outcome import read_schemathesis
from conformance.place import HERE, Place, find_script, npm
from conformance.suite import Suite
from conformance.target import Target

# Cases of each operation in each phase.
EXAMPLES = "20"
PHASES = "examples,coverage,fuzzing,stateful"


def _file(name: str, place: Place) -> str:
    return place.file(f"openapi-{name}.json")


def _lint(place: Place, *command: str) -> list[str]:
    documents = [_file(name, place) for name in OPENAPI]
    return place.script("lint.py", *documents, "--", *command)


def _redocly(place: Place) -> list[str]:
    return _lint(place, place.npm("redocly"), "lint", "--config", str(HERE / "redocly.yaml"))


def _spectral(place: Place) -> list[str]:
    rules = ("-r", str(HERE / "spectral.yaml"), "--fail-severity=error")
    return _lint(place, place.npm("spectral"), "lint", *rules)


def _send_token(name: str, target: Target) -> list[str]:
    """What a caller of that door sends along; nobody sends a token to the endpoint that gives tokens."""
    tokens = {"service": None, "ops": target.operator, "admin": target.operator}
    token = tokens.get(name, target.token)
    return ["-H", f"Authorization: Bearer {token}"] if token else []


def _schemathesis(name: str, place: Place) -> list[str]:
    return [
        *(place.tool("schemathesis"), "--config-file", str(HERE / "schemathesis.toml")),
        *("run", _file(name, place), "--url", place.target.url + OPENAPI[name].removesuffix("/api")),
        *_send_token(name, place.target),
        # One worker: Python 3.11 reads no source in two threads at once, and Hypothesis reads that of its lambdas.
        *("--phases", PHASES, "--max-examples", EXAMPLES, "--workers", "1"),
        *("--request-timeout", "20", "--continue-on-failure", "--no-color"),
    ]


SUITES = (
    Suite(
        "openapi-spec-validator", "openapi", lambda place: _lint(place, place.tool("openapi-spec-validator"))
    ),
    Suite(
        "redocly", "openapi", _redocly, needs=(npm("@redocly/cli"),), environment={"REDOCLY_TELEMETRY": "off"}
    ),
    Suite("spectral", "openapi", _spectral, needs=(npm("@stoplight/spectral-cli"),)),
    *(
        Suite(
            f"schemathesis {name}",
            "openapi",
            partial(_schemathesis, name),
            read_schemathesis,
            environment={"SCHEMATHESIS_HOOKS": str(find_script("meant.py"))},
        )
        for name in OPENAPI
    ),
)
