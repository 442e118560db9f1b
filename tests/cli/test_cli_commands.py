"""What the commands print, for people and for programs, and how they fail."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.service_double import (
    CANDIDATES,
    CAPTURE_ID,
    ITEMS,
    PLAN_ID,
    REQUEST_ID,
    URL,
    ServiceDouble,
    problem,
)

from swath.cli.main import main

SQUARE = {"type": "Polygon", "coordinates": [[[136, 35], [137, 35], [137, 36], [136, 36], [136, 35]]]}
RANGE = ("--start", "2026-08-22T12:00:00Z", "--end", "2026-08-29T12:00:00+00:00")


class Result(NamedTuple):
    code: object
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def double() -> ServiceDouble:
    return ServiceDouble()


@pytest.fixture
def run(double: ServiceDouble, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line against the double, with credentials in the environment."""
    for name, value in {"URL": URL, "CLIENT_ID": "me", "CLIENT_SECRET": "secret"}.items():
        monkeypatch.setenv(f"SWATH_{name}", value)
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def run_line(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as left:
            main(arguments, double.transport)
        return Result(left.value.code or 0, *capsys.readouterr())

    return run_line


class TestPlans:
    def test_create_takes_a_box_and_waits_for_candidates(self, run: Run, double: ServiceDouble) -> None:
        made = run("plan", "create", "--name", "Fukui", "--bbox", "-10,35,-9,36", *RANGE)
        assert made.code == 0
        assert "ACTIVE" in made.out
        posted = double.calls.index(f"POST {ITEMS.format('plans')}")
        assert double.body(posted)["geometry"]["coordinates"] == [
            [[-10, 35], [-9, 35], [-9, 36], [-10, 36], [-10, 35]]
        ]

    @pytest.mark.parametrize(
        "document",
        [
            SQUARE,
            {"type": "Feature", "geometry": SQUARE, "properties": {}},
            {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]},
        ],
        ids=["bare", "feature", "collection"],
    )
    def test_create_takes_a_polygon_however_it_is_wrapped(
        self, run: Run, double: ServiceDouble, tmp_path: Path, document: object
    ) -> None:
        file = tmp_path / "area.geojson"
        file.write_text(json.dumps(document))
        made = run("plan", "create", "--name", "Fukui", "--area", str(file), *RANGE, "--no-wait", "--json")
        assert json.loads(made.out)["properties"]["status"] == "PROCESSING"
        assert double.body()["geometry"] == SQUARE

    def test_create_sends_every_wish(self, run: Run, double: ServiceDouble) -> None:
        wishes = ("--off-nadir", "5", "20", "--satellite", "GRUS-1A", "--satellite", "GRUS-1B")
        run("plan", "create", "--name", "Fukui", "--bbox", "1,2,3,4", *RANGE, *wishes, "--no-wait")
        properties = double.body()["properties"]
        assert (properties["off_nadir_range"], properties["satellites"]) == ([5, 20], ["GRUS-1A", "GRUS-1B"])

    def test_json_is_what_the_service_said(self, run: Run) -> None:
        shown = json.loads(run("plan", "list", "--json").out)
        assert shown[0]["id"] == PLAN_ID
        assert shown[0]["properties"]["valid_start"] == "2026-08-22T12:00:00Z"

    def test_delete_says_so_on_stderr(self, run: Run) -> None:
        deleted = run("plan", "delete", PLAN_ID)
        assert (deleted.code, deleted.out) == (0, "")
        assert "archived" in deleted.err


class TestCandidates:
    def test_the_table_has_what_a_choice_needs(self, run: Run) -> None:
        lines = run("candidates", PLAN_ID).out.splitlines()
        first = next(line for line in lines if "candidate-0" in line)
        assert first.split()[:7] == ["2026-08-22", "12:00:00", "GRUS-1A", "1.2°", "45°", "100", "%"]
        assert first.split()[7:11] == ["90", "%", "2.50", "m"]
        assert sum("candidate-" in line for line in lines) == CANDIDATES

    def test_the_number_can_be_limited(self, run: Run) -> None:
        assert len(json.loads(run("candidates", PLAN_ID, "--limit", "2", "--json").out)) == 2

    def test_json_has_the_names_of_the_api(self, run: Run) -> None:
        (first, *_) = json.loads(run("candidates", PLAN_ID, "--json").out)
        assert first["properties"]["view:off_nadir"] == 1.25


class TestRequests:
    def test_create_shows_why_it_stands_where_it_stands(self, run: Run, double: ServiceDouble) -> None:
        made = run(
            "request", "create", "candidate-0", "--name", "harbour", "--priority", "EMERGENCY", "--key", "k"
        )
        assert "It is ACCEPTED." in made.out
        assert double.body()["properties"]["priority"] == "EMERGENCY"
        assert double.requests[-1].headers["idempotency-key"] == "k"

    def test_create_sends_the_limits_that_were_given_and_no_others(
        self, run: Run, double: ServiceDouble
    ) -> None:
        run("request", "create", "candidate-0", "--name", "harbour", "--end", "2026-08-29T00:00:00Z",
            "--off-nadir", "0", "20", "--satellite", "GRUS-1A", "--satellite", "GRUS-1B")  # fmt: skip
        assert double.body()["properties"] == {
            "name": "harbour",
            "candidate_id": "candidate-0",
            "priority": "NORMAL",
            "valid_end": "2026-08-29T00:00:00Z",
            "off_nadir_range": [0.0, 20.0],
            "satellites": ["GRUS-1A", "GRUS-1B"],
        }

    def test_a_priority_that_is_none_is_wrong_use(self, run: Run, double: ServiceDouble) -> None:
        assert run("request", "create", "candidate-0", "--name", "x", "--priority", "SOON").code == 2
        assert double.calls == []

    def test_what_a_customer_typed_is_never_markup(self, run: Run) -> None:
        assert "harbour [bold]first[/bold]" in run("request", "list").out

    def test_history_is_told_in_order(self, run: Run) -> None:
        out = run("request", "history", REQUEST_ID).out
        assert out.index("PLANNED") < out.index("ACCEPTED") < out.index("It fits.")

    def test_cancel(self, run: Run) -> None:
        assert "CANCELED (final)" in run("request", "cancel", REQUEST_ID).out

    def test_download_before_there_is_data_says_how_it_stands(self, run: Run, tmp_path: Path) -> None:
        early = run("request", "download", REQUEST_ID, "--out", str(tmp_path))
        assert early.code == 1
        assert "no images: the request is ACCEPTED" in early.err

    def test_download_prints_the_files(self, run: Run, double: ServiceDouble, tmp_path: Path) -> None:
        double.status = "DATA_AVAILABLE"
        saved = run("request", "download", REQUEST_ID, "--out", str(tmp_path), "--asset", "thumbnail")
        assert [Path(line).read_bytes() for line in saved.out.splitlines()] == [b"\x89PNG"]
        assert double.requests[-2].url.params["filter"] == f"ag:capture_id = '{CAPTURE_ID}'"

    def test_an_asset_that_is_none_names_those_there_are(self, run: Run, double: ServiceDouble) -> None:
        double.status = "DATA_AVAILABLE"
        wrong = run("request", "download", REQUEST_ID, "--asset", "band9")
        assert wrong.code == 1
        assert "thumbnail, tci" in wrong.err


class TestClock:
    def test_it_is_shown(self, run: Run) -> None:
        assert json.loads(run("clock", "--json").out) == {"now": "2026-08-22T12:00:00Z", "rate": 0}

    def test_it_is_moved_by_a_duration(self, run: Run) -> None:
        assert json.loads(run("clock", "--by", "P1DT6H", "--json").out)["now"] == "2026-08-23T18:00:00Z"

    def test_it_is_moved_to_a_time_of_any_zone(self, run: Run) -> None:
        assert json.loads(run("clock", "--to", "2026-08-23T09:00:00+09:00", "--json").out)["now"].startswith(
            "2026-08-23T00:00:00"
        )


class TestWrongUse:
    """Exit code 2, a sentence that says what would be right, and nothing sent."""

    @pytest.mark.parametrize(
        ("arguments", "cure"),
        [
            (("plan", "create", "--name", "x", *RANGE), "either --area FILE or --bbox"),
            (("plan", "create", "--name", "x", "--bbox", "1,2,3", *RANGE), "west,south,east,north"),
            (
                ("plan", "create", "--name", "x", "--bbox", "1,2,3,4", "--start", "soon", *RANGE[2:]),
                "ISO 8601",
            ),
            (
                (
                    "plan",
                    "create",
                    "--name",
                    "x",
                    "--bbox",
                    "1,2,3,4",
                    "--start",
                    "2026-08-22T12:00:00",
                    *RANGE[2:],
                ),
                "no time zone",
            ),
            (("clock", "--by", "six hours"), "PT6H"),
            (("clock", "--by", "P1M"), "'P1M' is no duration"),
            (("clock", "--url", "127.0.0.1:8000"), "write it like http://127.0.0.1:8000"),
            (("serve", "--proxy", "banana"), "neither an address nor a network"),
            (("serve", "--public-url", "banana"), "is no address"),
            (("plan", "list", "--status", "DONE"), "ACTIVE"),
            (("clock", "--by", "PT6H", "--to", "2026-08-23T00:00:00Z"), "not both"),
            (("candidates",), "PLAN_ID"),
            (("serve", "--clock", "2026-08-22T12:00:00Z"), "--sandbox"),
        ],
    )
    def test_it_is_told(self, run: Run, double: ServiceDouble, arguments: tuple[str, ...], cure: str) -> None:
        result = run(*arguments)
        assert (result.code, result.out) == (2, "")
        assert cure in " ".join(result.err.replace("│", " ").split())
        assert double.calls == []

    def test_a_file_that_holds_no_polygon(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "point.geojson"
        file.write_text('{"type": "Point", "coordinates": [1, 2]}')
        assert run("plan", "create", "--name", "x", "--area", str(file), *RANGE).code == 2

    def test_missing_credentials(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SWATH_CLIENT_SECRET")
        assert run("plan", "list").code == 2


class TestFailure:
    """Exit code 1, one sentence on stderr, no traceback, nothing on stdout."""

    def test_a_refusal_is_told_in_the_words_of_the_service(self, run: Run, double: ServiceDouble) -> None:
        double.refusals = [problem(402, "insufficient_credit", "The request costs 3 credits; 1 is free.")]
        refused = run("request", "create", "candidate-0", "--name", "x", "--json")
        assert (refused.code, refused.out) == (1, "")
        assert refused.err == "Error: The request costs 3 credits; 1 is free. (402 insufficient_credit)\n"

    def test_no_server_names_the_address(self, capsys: pytest.CaptureFixture[str]) -> None:
        where = ("--url", "http://127.0.0.1:1", "--client-id", "a", "--client-secret", "b")
        with pytest.raises(SystemExit) as left:
            main(("plan", "list", *where))
        assert left.value.code == 1
        assert "No answer from http://127.0.0.1:1" in capsys.readouterr().err


def test_version(run: Run) -> None:
    from swath import __version__

    assert run("--version").out == f"{__version__}\n"
