"""Lists: what they hold, in which order, page by page, and narrowed in every way."""

from datetime import timedelta

import pytest
from tests.api.api_world import API, Caller, Service, plan_body, problem
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.ids import PLAN, encode_id


@pytest.fixture
def plan_ids(service: Service, acme: Caller) -> list[str]:
    """Five plans, a minute apart, the newest first."""
    made: list[str] = []
    for number in range(5):
        service.clock.at += timedelta(minutes=1)
        answer = acme.post("plans", plan_body(service.clock.at, name=f"plan {number}"))
        assert answer.status_code == 201, answer.text
        made.insert(0, answer.json()["id"])
    return made


def test_a_list_is_a_feature_collection_with_its_counts(acme: Caller, plan_ids: list[str]) -> None:
    answer = acme.http.get(f"{API}/collections/plans/items", params={"limit": 2})
    assert answer.headers["content-type"] == "application/geo+json"
    page = answer.json()
    assert (page["type"], page["numberMatched"], page["numberReturned"]) == ("FeatureCollection", 5, 2)
    assert page["timeStamp"].endswith("Z")
    assert [feature["id"] for feature in page["features"]] == plan_ids[:2]


def test_next_leads_through_all_and_keeps_every_parameter(acme: Caller, plan_ids: list[str]) -> None:
    seen: list[str] = []
    page = acme.get(
        "/collections/plans/items", limit=2, filter="name LIKE 'plan%'", status="PROCESSING", f="json"
    )
    while True:
        seen += [feature["id"] for feature in page["features"]]
        links = {link["rel"]: link["href"] for link in page["links"]}
        if "next" not in links:
            break
        assert all(
            kept in links["next"] for kept in ("limit=2", "status=PROCESSING", "filter=name%20LIKE", "f=json")
        )
        page = acme.get(links["next"])
    assert seen == plan_ids
    assert [feature["id"] for feature in acme.get(links["prev"])["features"]] == plan_ids[2:4]


def test_a_page_beyond_the_end_is_empty_and_leads_back(acme: Caller, plan_ids: list[str]) -> None:
    page = acme.get("/collections/plans/items", offset=100)
    assert (page["features"], page["numberMatched"]) == ([], len(plan_ids))
    assert {link["rel"] for link in page["links"]} == {"self", "prev"}


def test_a_limit_over_the_maximum_is_served_with_the_maximum(acme: Caller) -> None:
    assert acme.get("/collections/plans/items", limit=100_000)["numberReturned"] <= 20


def test_plans_are_narrowed_as_the_public_description_does(acme: Caller, plan_ids: list[str]) -> None:
    near = "s_intersects(geometry, POLYGON((136.1 36.0, 136.2 36.0, 136.2 36.1, 136.1 36.1, 136.1 36.0)))"
    far = near.replace("136.", "16.")
    assert acme.ids("plans", filter=f"{near} AND status='PROCESSING'") == plan_ids
    assert acme.ids("plans", filter=f"{far} AND status='PROCESSING'") == []
    assert acme.ids("plans", bbox="136,35,137,36") == plan_ids
    assert acme.ids("plans", bbox="-82.4986738,39.5018036,-82.3153139,39.6200576") == []


def test_the_time_of_interest_meets_the_interval(acme: Caller, plan_ids: list[str]) -> None:
    assert acme.ids("plans", datetime="2026-08-25T00:00:00Z") == plan_ids
    assert acme.ids("plans", datetime="2026-09-25T00:00:00Z/..") == []
    assert acme.ids("plans", datetime="../2026-08-01T00:00:00Z") == []


def test_conditions_are_joined_by_and(acme: Caller, plan_ids: list[str]) -> None:
    assert acme.ids("plans", name="plan 3", bbox="136,35,137,36", filter="status = 'PROCESSING'") == [
        plan_ids[1]
    ]
    assert acme.ids("plans", name="plan 3", bbox="0,0,1,1") == []


def test_filters_come_as_json_too(acme: Caller, plan_ids: list[str]) -> None:
    text = '{"op": "=", "args": [{"property": "name"}, "plan 4"]}'
    assert acme.ids("plans", filter=text, **{"filter-lang": "cql2-json"}) == [plan_ids[0]]


def test_accounts_see_only_their_own(acme: Caller, rival: Caller, plan_ids: list[str]) -> None:
    assert rival.ids("plans") == []
    assert rival.ids("plans", id=plan_ids[0]) == []
    assert rival.ids("plans", filter=f"id = '{plan_ids[0]}' OR 1 = 1") == []


def test_candidates_are_listed_by_start_for_one_plan(service: Service, acme: Caller, rival: Caller) -> None:
    now = service.clock.now()
    plan, other = (add_plan(service.store, acme.account_id, now) for _ in range(2))
    late, early = (
        add_candidate(service.store, plan, make_chance(now + timedelta(hours=h)), now) for h in (9, 6)
    )
    add_candidate(service.store, other, make_chance(now + timedelta(hours=12)), now)
    pinned = f"task_plan_id = '{plan.id}'"
    assert acme.ids("candidates", filter=pinned) == [early.id, late.id]
    assert acme.ids("candidates", task_plan_id=plan.id) == [early.id, late.id]
    assert acme.ids("candidates", filter=f"{pinned} AND view:off_nadir < 5") == []
    assert acme.ids("candidates", filter=f'{pinned} AND "view:off_nadir" < 15', limit=1) == [early.id]
    assert acme.ids("candidates", filter=f"{pinned} AND coverage_probability > 0.95") == []
    sure = f"{pinned} AND coverage_probability > 0.5 AND time_uncertainty_s < 2 AND expected_coverage > 98"
    assert acme.ids("candidates", filter=sure) == [early.id, late.id]
    assert rival.ids("candidates", filter=pinned) == []


def test_candidates_of_all_plans_are_listed_for_who_names_none(
    service: Service, acme: Caller, rival: Caller
) -> None:
    now = service.clock.now()
    plans = [add_plan(service.store, acme.account_id, now) for _ in range(2)]
    late, early = (
        add_candidate(service.store, plan, make_chance(now + timedelta(hours=hours)), now)
        for plan, hours in zip(plans, (9, 6), strict=True)
    )
    assert acme.ids("candidates") == [early.id, late.id]
    assert acme.ids("candidates", filter=f"NOT task_plan_id = '{plans[0].id}'") == [early.id]
    assert rival.ids("candidates") == []
    service.clock.at = early.valid_until
    assert acme.ids("candidates") == [late.id]


def test_the_candidates_link_of_a_plan_is_such_a_list(service: Service, acme: Caller) -> None:
    now = service.clock.now()
    plan = add_plan(service.store, acme.account_id, now)
    candidate = add_candidate(service.store, plan, make_chance(now + timedelta(hours=6)), now)
    feature = acme.get(f"/collections/plans/items/{plan.id}")
    (link,) = [link["href"] for link in feature["links"] if link["rel"] == "candidates"]
    assert [found["id"] for found in acme.get(link)["features"]] == [candidate.id]


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"colour": "red"}, "colour"),
        ({"Limit": "5"}, "Limit"),
        ({"limit": "unlimited"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"datetime": "yesterday"}, "datetime"),
        ({"filter": "(("}, "filter"),
        ({"filter": "no_such_property = 1"}, "filter"),
        ({"filter": "(" * 10_000 + "1=1" + ")" * 10_000}, "filter"),
        ({"filter": "name = 'x'; DROP TABLE plans"}, "filter"),
        ({"filter": "account_id = 'x'"}, "filter"),
        ({"filter": "true", "filter-lang": "sql"}, "filter-lang"),
        ({"filter": "true", "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/999999"}, "filter-crs"),
        ({"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}, "crs"),
        ({"f": "html"}, "f"),
        ({"status": "active"}, "status"),
        ({"created": "today"}, "created"),
    ],
)
def test_a_wrong_parameter_is_named(acme: Caller, params: dict[str, str], parameter: str) -> None:
    refusal = acme.refused("/collections/plans/items", **params)
    assert (refusal["status"], refusal["parameter"]) == (400, parameter)


def test_an_unknown_parameter_is_told_which_there_are(acme: Caller) -> None:
    assert "limit, offset, bbox" in acme.refused("/collections/plans/items", colour="red")["detail"]


def test_of_a_repeated_limit_the_last_counts(acme: Caller, plan_ids: list[str]) -> None:
    page = acme.http.get(f"{API}/collections/plans/items?limit=1&limit=3").json()
    assert page["numberReturned"] == 3


@pytest.mark.parametrize("path", ["collections/plans/items", "collections/plans", "collections", ""])
def test_a_parameter_takes_no_second_value(acme: Caller, path: str) -> None:
    answer = acme.http.get(f"{API}/{path}?f=json&f=html")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "f")
    assert "'json' and 'html'" in answer.json()["detail"]
    assert acme.http.get(f"{API}/{path}?f=json&f=json").status_code == 200


def test_satellites_and_tracks_are_open_to_all(service: Service) -> None:
    anyone = service.anonymous()
    satellites = anyone.get(f"{API}/collections/satellites/items", params={"limit": 20}).json()
    assert [s["id"] for s in satellites["features"]] == sorted(service.rules.fleet.satellites)
    tracks = anyone.get(
        f"{API}/collections/satellite_ground_tracks/items", params={"filter": "satellite_id = 'GRUS-1A'"}
    ).json()
    assert {t["properties"]["platform"] for t in tracks["features"]} == {"GRUS-1A"}
    assert tracks["numberMatched"] > 100  # a week of some fifteen a day


def test_everything_else_is_not(service: Service) -> None:
    anyone = service.anonymous()
    for collection in ("plans", "candidates", "requests"):
        for path in ("items", f"items/{encode_id(PLAN, 'x')}"):
            assert problem(anyone.get(f"{API}/collections/{collection}/{path}"))["status"] == 401
