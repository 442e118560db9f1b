"""Single features: the shapes of the contract, found by their ids, with their tags and links."""

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.api.api_world import API, Caller, Service, plan_body, problem
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath import wire


def test_a_satellite_has_the_known_shape(service: Service) -> None:
    answer = service.anonymous().get(f"{API}/collections/satellites/items/grus-1b")
    satellite = answer.json()
    known = {"platform", "international_designator", "instruments", "gsd", "eo:bands", "sat:orbit_state"}
    assert satellite["id"] == "GRUS-1B"
    assert known <= set(satellite["properties"])
    assert set(satellite["properties"]["eo:bands"][0]) == {
        "name", "common_name", "center_wavelength", "full_width_half_max", "solar_illumination",
    }  # fmt: skip
    assert 0 <= satellite["properties"]["elements_age_days"] < 14
    assert wire.Satellite.model_validate(satellite).properties.platform == "GRUS-1B"


def test_a_ground_track_has_the_known_shape(service: Service) -> None:
    anyone = service.anonymous()
    page = anyone.get(f"{API}/collections/satellite_ground_tracks/items", params={"limit": 1}).json()
    track = anyone.get(f"{API}/collections/satellite_ground_tracks/items/{page['features'][0]['id']}").json()
    assert track["geometry"]["type"] == "MultiLineString"
    assert {"platform", "start_time", "end_time"} <= set(track["properties"])
    assert track == page["features"][0]
    wire.GroundTrack.model_validate(track)


def test_a_plan_has_the_known_shape(acme: Caller, service: Service) -> None:
    plan = acme.post(
        "plans", plan_body(service.clock.at, satellites=["grus-1a"], off_nadir_range=[0, 15])
    ).json()
    assert plan["properties"] | {"created": ""} == {
        "created": "",
        "name": "Fukui",
        "valid_start": "2026-08-22T12:00:00Z",
        "valid_end": "2026-08-29T12:00:00Z",
        "off_nadir_range": [0, 15],
        "satellites": ["GRUS-1A"],
        "status": "PROCESSING",
        "status_reason": None,
        "candidate_count": None,
        "no_candidates": None,
    }
    assert plan["bbox"] == [136.0, 35.9, 136.4, 36.2]
    wire.Plan.model_validate(plan)


def test_a_candidate_has_the_known_shape(acme: Caller, service: Service) -> None:
    now = service.clock.now()
    plan = add_plan(service.store, acme.account_id, now)
    made = add_candidate(service.store, plan, make_chance(now + timedelta(hours=6)), now)
    candidate = acme.get(f"/collections/candidates/items/{made.id}")
    known = {
        "task_plan_id", "view:off_nadir", "view:sun_elevation", "view:sun_azimuth", "plan_coverage",
        "start_datetime", "end_datetime", "platform", "constellation", "valid_until",
    }  # fmt: skip
    assert known <= set(candidate["properties"])
    assert candidate["properties"]["coverage_probability"] == 0.9
    assert candidate["properties"]["expected_coverage"] == 99.0
    assert candidate["properties"]["time_uncertainty_s"] == 1.5
    links = {link["rel"]: link["href"] for link in candidate["links"]}
    assert acme.get(links["parent"])["id"] == plan.id
    assert links["create-request"].endswith("/collections/requests/items")
    assert wire.Candidate.model_validate(candidate).properties.off_nadir == 10.0


def test_a_feature_equals_its_twin_in_the_list(acme: Caller, service: Service) -> None:
    plan = acme.post("plans", plan_body(service.clock.at)).json()
    assert acme.get("/collections/plans/items")["features"] == [plan]
    assert acme.get(f"/collections/plans/items/{plan['id']}") == plan


def test_every_link_is_absolute_and_says_what_it_leads_to(acme: Caller, service: Service) -> None:
    plan = acme.post("plans", plan_body(service.clock.at)).json()
    assert {link["rel"] for link in plan["links"]} == {"self", "collection", "candidates"}
    for link in plan["links"]:
        assert link["href"].startswith(f"http://testserver{API}/")
        assert link["type"]
        acme.get(link["href"])


def test_areas_over_the_antimeridian_are_cut_and_wound_and_boxed(acme: Caller, service: Service) -> None:
    ring = [[179.5, 50.0], [179.5, 50.5], [-179.5, 50.5], [-179.5, 50.0], [179.5, 50.0]]
    area = {"type": "Polygon", "coordinates": [ring]}
    answer = acme.post("plans", plan_body(service.clock.at, area))
    assert answer.status_code == 201, answer.text
    plan = answer.json()
    assert plan["geometry"]["type"] == "MultiPolygon"
    assert plan["bbox"] == [179.5, 50.0, -179.5, 50.5]
    for polygon in plan["geometry"]["coordinates"]:
        assert signed_area(polygon[0]) > 0
    assert acme.ids("plans", bbox="179.9,50,-179.9,51") == [plan["id"]]


def signed_area(ring: list[list[float]]) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def test_no_digit_is_lost(acme: Caller, service: Service) -> None:
    west = 136.00000000000003
    ring = [[west, 35.9], [136.4, 35.9], [136.4, 36.123456789012344], [west, 35.9]]
    plan = acme.post("plans", plan_body(service.clock.at, {"type": "Polygon", "coordinates": [ring]})).json()
    assert sorted(plan["geometry"]["coordinates"][0][:-1]) == sorted(ring[:-1])


def test_a_known_state_is_not_sent_again(acme: Caller, service: Service) -> None:
    location = acme.post("plans", plan_body(service.clock.at)).headers["location"]
    first = acme.http.get(location)
    again = acme.http.get(location, headers={"If-None-Match": f'"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert acme.http.get(location, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("item_id", ["no-such", "VGFza1BsYW46eA==", "%00", "..%2F..", "é", "a" * 3000])
def test_what_is_not_there_is_not_found(acme: Caller, item_id: str) -> None:
    for collection in ("satellites", "satellite_ground_tracks", "plans", "candidates", "requests"):
        answer = acme.http.get(f"{API}/collections/{collection}/items/{item_id}")
        assert problem(answer)["code"] == "not_found"


def test_what_belongs_to_another_account_is_not_there(acme: Caller, rival: Caller, service: Service) -> None:
    now = service.clock.now()
    plan = add_plan(service.store, acme.account_id, now)
    candidate = add_candidate(service.store, plan, make_chance(now + timedelta(hours=6)), now)
    mine = rival.http.get(f"{API}/collections/plans/items/{plan.id}")
    nobodys = rival.http.get(f"{API}/collections/plans/items/no-such")
    assert mine.status_code == nobodys.status_code == 404
    assert problem(mine)["code"] == problem(nobodys)["code"]
    assert rival.http.get(f"{API}/collections/candidates/items/{candidate.id}").status_code == 404
    assert rival.http.delete(f"{API}/collections/plans/items/{plan.id}").status_code == 404
    assert acme.http.get(f"{API}/collections/plans/items/{plan.id}").status_code == 200
