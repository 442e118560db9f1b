"""What the SDK does for its user, tried against a service that is only a transport."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.service_double import (
    CANDIDATES,
    CAPTURE_ID,
    ITEM,
    ITEMS,
    PLAN_ID,
    REQUEST_ID,
    START,
    URL,
    ServiceDouble,
    problem,
)

from swath.client import ApiError, BadAnswer, Swath, Unreachable, WaitedTooLong

SQUARE = {"type": "Polygon", "coordinates": [[[136, 35], [137, 35], [137, 36], [136, 36], [136, 35]]]}


class Watch:
    """A stopwatch that only pausing moves."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now_s += seconds


@pytest.fixture
def double() -> ServiceDouble:
    return ServiceDouble()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def swath(double: ServiceDouble, watch: Watch) -> Iterator[Swath]:
    with open_swath(double, watch) as service:
        yield service


def open_swath(double: ServiceDouble, watch: Watch, secret: str = "secret") -> Swath:
    return Swath(URL, "me", secret, transport=double.transport, pause=watch.pause, now_s=lambda: watch.now_s)


class TestToken:
    def test_one_token_serves_many_calls(self, swath: Swath, double: ServiceDouble) -> None:
        swath.clock()
        swath.clock()
        assert double.calls == ["POST /oauth/token", "GET /sandbox/clock", "GET /sandbox/clock"]

    def test_it_is_renewed_before_it_ends(self, swath: Swath, double: ServiceDouble, watch: Watch) -> None:
        swath.clock()
        watch.now_s += 86_400 - 30
        swath.clock()
        assert double.tokens == 2

    def test_a_refused_token_is_replaced_once(self, swath: Swath, double: ServiceDouble) -> None:
        swath.clock()
        double.refusals = [problem(401, "invalid_token", "The token is not valid.")]
        assert swath.clock().now == START
        assert double.tokens == 2

    def test_refused_twice_is_an_error(self, swath: Swath, double: ServiceDouble) -> None:
        double.refusals = [problem(401, "invalid_token", "No.") for _ in range(2)]
        with pytest.raises(ApiError, match="No") as refused:
            swath.clock()
        assert refused.value.status == 401

    def test_wrong_credentials_say_so(self, double: ServiceDouble, watch: Watch) -> None:
        with (
            open_swath(double, watch, "wrong") as swath,
            pytest.raises(ApiError, match="secret is wrong") as refused,
        ):
            swath.clock()
        assert refused.value.code == "invalid_client"

    def test_the_secret_is_not_in_the_credentials_text(self) -> None:
        from swath.client.token import Credentials

        assert "hush" not in repr(Credentials("me", "hush"))

    def test_without_credentials_no_token_is_asked_for(self, double: ServiceDouble) -> None:
        with Swath(URL, transport=double.transport) as swath, pytest.raises(ApiError):
            swath.clock()
        assert double.calls == ["GET /sandbox/clock"]


class TestPlans:
    def test_a_plan_travels_as_the_feature_the_api_describes(
        self, swath: Swath, double: ServiceDouble
    ) -> None:
        end = START + timedelta(days=7)
        plan = swath.create_plan("Fukui", SQUARE, START, end, off_nadir_range=(0, 25), satellites=["GRUS-1A"])
        assert plan.properties.status == "PROCESSING"
        assert double.body() == {
            "type": "Feature",
            "geometry": SQUARE,
            "properties": {
                "name": "Fukui",
                "valid_start": "2026-08-22T12:00:00Z",
                "valid_end": "2026-08-29T12:00:00Z",
                "off_nadir_range": [0, 25],
                "satellites": ["GRUS-1A"],
            },
        }

    def test_what_is_not_said_is_not_sent(self, swath: Swath, double: ServiceDouble) -> None:
        swath.create_plan("Fukui", SQUARE, START, START + timedelta(days=7))
        assert set(double.body()["properties"]) == {"name", "valid_start", "valid_end"}

    def test_a_naive_time_is_refused_before_it_travels(self, swath: Swath, double: ServiceDouble) -> None:
        naive = datetime(2026, 8, 22)  # noqa: DTZ001
        with pytest.raises(ValueError, match="zone"):
            swath.create_plan("Fukui", SQUARE, naive, START)
        assert double.calls == []

    def test_waiting_asks_until_it_is_active(self, swath: Swath, watch: Watch) -> None:
        assert swath.wait_for_plan(PLAN_ID).properties.status == "ACTIVE"
        assert watch.pauses == sorted(watch.pauses)
        assert len(watch.pauses) == 2

    def test_deleting_answers_nothing(self, swath: Swath, double: ServiceDouble) -> None:
        swath.delete_plan(PLAN_ID)
        assert double.calls[-1] == f"DELETE {ITEMS.format('plans')}/{PLAN_ID}"


class TestCandidates:
    def test_all_pages_are_read_whatever_host_their_links_name(
        self, swath: Swath, double: ServiceDouble
    ) -> None:
        found = list(swath.candidates(PLAN_ID))
        assert [candidate.id for candidate in found] == [f"candidate-{i}" for i in range(CANDIDATES)]
        assert {request.url.host for request in double.requests} == {"service.test"}

    def test_pages_are_read_as_they_are_needed(self, swath: Swath, double: ServiceDouble) -> None:
        assert len(list(itertools.islice(swath.candidates(PLAN_ID), 2))) == 2
        assert double.calls.count(f"GET {ITEMS.format('candidates')}") == 1

    def test_a_quote_in_an_id_stays_inside_the_filter(self, swath: Swath, double: ServiceDouble) -> None:
        with pytest.raises(ApiError):
            list(swath.candidates("x' OR 'a'='a"))
        assert double.requests[-1].url.params["filter"] == "task_plan_id = 'x'' OR ''a''=''a'"


class TestRequests:
    def test_a_request_names_its_candidate_and_an_empty_polygon(
        self, swath: Swath, double: ServiceDouble
    ) -> None:
        swath.create_request("candidate-0", name="harbour", priority="EMERGENCY")
        assert double.body() == {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": []},
            "properties": {"name": "harbour", "candidate_id": "candidate-0", "priority": "EMERGENCY"},
        }

    def test_each_call_has_its_own_key_unless_one_is_given(self, swath: Swath, double: ServiceDouble) -> None:
        for key in (None, None, "mine"):
            swath.create_request("candidate-0", name="harbour", key=key)
        first, second, third = (
            r.headers["idempotency-key"] for r in double.requests if "requests" in r.url.path
        )
        assert first != second
        assert third == "mine"

    def test_a_busy_service_is_asked_again_with_the_same_key(
        self, swath: Swath, double: ServiceDouble, watch: Watch
    ) -> None:
        double.refusals = [problem(503, "unavailable", "Busy.", retry_after=7)]
        assert swath.create_request("candidate-0", name="harbour").id == REQUEST_ID
        assert watch.pauses == [7.0]
        assert len({r.headers["idempotency-key"] for r in double.requests if "requests" in r.url.path}) == 1

    def test_a_service_that_stays_busy_is_given_up(self, swath: Swath, double: ServiceDouble) -> None:
        double.refusals = [problem(429, "too_many_requests", "Slow down.", retry_after=1) for _ in range(9)]
        with pytest.raises(ApiError) as refused:
            swath.request(REQUEST_ID)
        assert refused.value.retry_after_s == 1.0
        assert len(double.refusals) == 5

    def test_an_action_without_a_key_is_never_sent_twice(self, swath: Swath, double: ServiceDouble) -> None:
        double.refusals = [problem(503, "unavailable", "Busy.", retry_after=1)]
        with pytest.raises(ApiError):
            swath.cancel_request(REQUEST_ID)

    def test_waiting_ends_with_any_last_status(self, swath: Swath, double: ServiceDouble) -> None:
        double.status = "FAILED"
        assert swath.wait_for_request(REQUEST_ID, until=["PROCESSING"]).properties.status == "FAILED"

    def test_waiting_has_an_end(self, swath: Swath, watch: Watch) -> None:
        with pytest.raises(WaitedTooLong, match="60 s"):
            swath.wait_for_request(REQUEST_ID, timeout_s=60)
        assert watch.now_s == pytest.approx(60)

    def test_history_says_why(self, swath: Swath) -> None:
        made, placed = swath.history(REQUEST_ID)
        assert (made.before, made.after.status, made.code) == (None, "PLANNED", "NEW")
        assert (placed.before, placed.code) == (made.after, "PLACED")
        assert placed.after.planned_satellite == "GRUS-1A"

    def test_cancel_answers_the_request_as_it_now_is(self, swath: Swath) -> None:
        assert swath.cancel_request(REQUEST_ID).properties.status == "CANCELED"


class TestImages:
    def test_items_are_found_by_capture(self, swath: Swath, double: ServiceDouble) -> None:
        assert swath.items(CAPTURE_ID)[0]["properties"]["ag:capture_id"] == CAPTURE_ID
        assert double.requests[-1].url.params["filter"] == f"ag:capture_id = '{CAPTURE_ID}'"

    def test_an_asset_lands_in_the_folder_whatever_the_item_is_called(
        self, swath: Swath, tmp_path: Path
    ) -> None:
        folder = tmp_path / "new" / "folder"
        (path,) = swath.download(ITEM, folder, ["thumbnail"])
        assert path.read_bytes() == b"\x89PNG"
        assert path.resolve().parent == folder.resolve()
        assert [file.name for file in folder.iterdir()] == ["scene_.._1_thumbnail.png"]

    def test_the_token_goes_to_no_other_host(
        self, swath: Swath, double: ServiceDouble, tmp_path: Path
    ) -> None:
        swath.clock()
        with pytest.raises(ApiError):
            swath.download(ITEM, tmp_path, ["tci"])
        assert double.requests[-1].url.host == "bucket.test"
        assert "authorization" not in double.requests[-1].headers

    def test_a_failed_download_leaves_nothing_behind(self, swath: Swath, tmp_path: Path) -> None:
        with pytest.raises(ApiError):
            swath.download(ITEM, tmp_path, ["tci"])
        assert list(tmp_path.iterdir()) == []


class TestSandbox:
    def test_time_is_read_and_moved(self, swath: Swath) -> None:
        assert swath.clock().now == START
        assert swath.advance_by(timedelta(hours=6, milliseconds=1)).now == START + timedelta(
            hours=6, milliseconds=1
        )
        assert swath.advance_to(START + timedelta(days=1)).now == START + timedelta(days=1)

    def test_a_step_that_is_asked_for_again_is_taken_once(self, swath: Swath, double: ServiceDouble) -> None:
        swath.clock()
        double.refusals = [problem(503, "unavailable", "The clock is being moved.", retry_after=5)]
        assert swath.advance_to(START + timedelta(hours=6)).now == START + timedelta(hours=6)
        assert double.calls.count("POST /sandbox/clock") == 2


class TestErrors:
    def test_a_problem_is_told_in_its_own_words(self, swath: Swath, double: ServiceDouble) -> None:
        rule = {
            "pointer": "/geometry",
            "code": "too_wide",
            "message": "AOI is 312.4 km wide; the limit is 250 km.",
        }
        double.refusals = [problem(422, "too_wide", "", errors=[rule])]
        with pytest.raises(ApiError) as refused:
            swath.create_plan("Fukui", SQUARE, START, START + timedelta(days=7))
        assert str(refused.value) == "AOI is 312.4 km wide; the limit is 250 km. (422 too_wide)"
        assert refused.value.errors == [rule]

    def test_an_answer_that_is_no_json_is_no_crash(self, watch: Watch) -> None:
        html = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
        with Swath(URL, transport=html) as swath, pytest.raises(BadAnswer, match="is this a swath server"):
            swath.clock()

    def test_an_error_page_that_is_no_problem_document(self) -> None:
        html = httpx.MockTransport(lambda _: httpx.Response(502, text="<h1>Bad gateway</h1>"))
        with Swath(URL, transport=html) as swath, pytest.raises(ApiError, match=r"Bad gateway.*502"):
            swath.clock()

    def test_a_token_endpoint_of_something_else(self) -> None:
        html = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
        with (
            Swath(URL, "me", "secret", transport=html) as swath,
            pytest.raises(BadAnswer, match="without a token"),
        ):
            swath.clock()

    def test_no_answer_names_the_address(self) -> None:
        def refuse(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("Connection refused", request=request)

        with (
            Swath(URL, transport=httpx.MockTransport(refuse)) as swath,
            pytest.raises(Unreachable, match=r"http://service\.test: Connection refused"),
        ):
            swath.clock()
