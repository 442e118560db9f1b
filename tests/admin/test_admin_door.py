"""The admin door: accounts, credits and credentials over HTTP, for operators and nobody else."""

from typing import Any
from uuid import uuid4

import pytest
from tests.api.api_world import API, Caller, Service, problem

ADMIN = "/admin/v1"
GRANT = {"grant_type": "client_credentials"}
CALLS = (
    ("GET", "/accounts"),
    ("POST", "/accounts"),
    ("GET", "/accounts/acme"),
    ("POST", "/accounts/acme/credits"),
    ("POST", "/accounts/acme/clients"),
    ("DELETE", "/clients/c"),
    ("POST", "/clients/c/secrets"),
)


def read(operator: Caller, account: str) -> Any:
    answer = operator.http.get(f"{ADMIN}/accounts/{account}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(operator: Caller, path: str, body: Any = None, **headers: str) -> Any:
    return operator.http.post(f"{ADMIN}{path}", json={} if body is None else body, headers=headers)


def fetch_token(service: Service, issued: Any) -> Any:
    credentials = (issued["client_id"], issued["client_secret"])
    return service.anonymous().post("/oauth/token", data=GRANT, auth=credentials)


def enter(service: Service, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return service.anonymous().get(f"{API}/account", headers=headers).status_code


class TestWhoMayCome:
    @pytest.mark.parametrize(("method", "path"), CALLS)
    def test_only_operators(self, service: Service, acme: Caller, method: str, path: str) -> None:
        mission_control = service.caller("control", 0, ("ops", "sandbox"))
        for caller in (acme, mission_control):
            refused = caller.http.request(method, f"{ADMIN}{path}", json={})
            assert refused.status_code == 403
            assert 'scope="admin"' in refused.headers["www-authenticate"]
        assert service.anonymous().request(method, f"{ADMIN}{path}").status_code == 401

    def test_an_operator_is_no_customer(self, operator: Caller) -> None:
        assert operator.http.get(f"{API}/account").status_code == 403


class TestAccounts:
    def test_an_account_is_opened_and_can_be_used_at_once(self, service: Service, operator: Caller) -> None:
        name = f"new {uuid4()}"
        answer = post(operator, "/accounts", {"name": name, "credits": 7})
        issued = answer.json()
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        assert set(issued) == {"account", "client_id", "client_secret"}
        found = operator.http.get(answer.headers["location"]).json()
        assert (found["name"], found["free"], found["account"]) == (name, 7, issued["account"])
        assert enter(service, fetch_token(service, issued).json()["access_token"]) == 200

    def test_accounts_are_listed_with_credits_and_clients(self, operator: Caller, acme: Caller) -> None:
        listed = operator.http.get(f"{ADMIN}/accounts").json()["accounts"]
        (found,) = [one for one in listed if one["account"] == acme.account_id]
        assert found == read(operator, acme.account_id)
        assert [found[kind] for kind in ("free", "held", "charged", "granted")] == [10, 0, 0, 10]
        (client,) = found["clients"]
        assert (client["client_id"], client["revoked"]) == (acme.client_id, False)

    def test_no_answer_shows_a_secret_or_its_digest(self, operator: Caller, acme: Caller) -> None:
        shown = operator.http.get(f"{ADMIN}/accounts").text
        assert acme.secret not in shown
        assert "digest" not in shown

    def test_a_name_is_taken_once(self, operator: Caller) -> None:
        name = f"twice {uuid4()}"
        assert post(operator, "/accounts", {"name": name}).status_code == 201
        assert problem(post(operator, "/accounts", {"name": name}))["code"] == "name_taken"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"name": ""},
            {"name": " "},
            {"name": 7},
            {"name": "x" * 101},
            {"name": "a\u0000b"},
            {"name": "x", "credits": -1},
            {"name": "x", "credits": 1.5},
            {"name": "x", "credits": True},
            {"name": "x", "credits": 10**30},
            {"name": "x", "owner": "y"},
            [],
        ],
    )
    def test_what_is_wrong_with_an_account_is_said(self, operator: Caller, body: Any) -> None:
        told = problem(post(operator, "/accounts", body))
        assert told["status"] == 422
        assert told["errors"]


class TestCredits:
    def test_credits_are_added(self, operator: Caller, acme: Caller) -> None:
        answer = post(operator, f"/accounts/{acme.account_id}/credits", {"credits": 5, "note": "invoice 7"})
        assert answer.json() == {"free": 15, "held": 0, "charged": 0, "granted": 15}
        assert acme.get("/account")["free"] == 15

    def test_a_call_that_is_repeated_with_its_key_adds_once(self, operator: Caller, acme: Caller) -> None:
        path, key = f"/accounts/{acme.account_id}/credits", {"Idempotency-Key": "invoice-7"}
        for _ in range(3):
            assert post(operator, path, {"credits": 5}, **key).json()["free"] == 15
        told = problem(post(operator, path, {"credits": 6}, **key))
        assert (told["status"], told["code"]) == (422, "idempotency_key_reused")
        assert problem(post(operator, path, {"credits": 5}, **{"Idempotency-Key": "a b"}))["status"] == 400

    def test_a_customer_s_own_key_is_another_one(self, operator: Caller, acme: Caller) -> None:
        key = {"Idempotency-Key": "same"}
        assert (
            post(operator, f"/accounts/{acme.account_id}/credits", {"credits": 5}, **key).status_code == 200
        )
        assert acme.post("plans", {"type": "Feature"}, **key).json()["code"] != "idempotency_key_reused"

    @pytest.mark.parametrize(
        "body", [{}, {"credits": 0}, {"credits": -5}, {"credits": "5"}, {"credits": 10**10}]
    )
    def test_what_is_no_grant_changes_nothing(self, operator: Caller, acme: Caller, body: Any) -> None:
        assert post(operator, f"/accounts/{acme.account_id}/credits", body).status_code == 422
        assert read(operator, acme.account_id)["free"] == 10


class TestClients:
    def test_more_credentials_with_fewer_scopes(
        self, service: Service, operator: Caller, acme: Caller
    ) -> None:
        answer = post(operator, f"/accounts/{acme.account_id}/clients", {"scopes": ["catalog"]})
        assert answer.status_code == 201
        token = fetch_token(service, answer.json()).json()["access_token"]
        assert service.tokens.verify(token).scopes == {"catalog"}

    def test_the_door_does_not_give_away_its_own_scope(self, operator: Caller, acme: Caller) -> None:
        told = problem(
            post(operator, f"/accounts/{acme.account_id}/clients", {"scopes": ["tasking", "admin"]})
        )
        assert (told["status"], told["code"]) == (422, "unknown_scope")

    @pytest.mark.parametrize("scopes", [[], ["everything"], "tasking", [7], ["tasking"] * 11])
    def test_scopes_are_a_list_of_those_there_are(self, operator: Caller, acme: Caller, scopes: Any) -> None:
        answer = post(operator, f"/accounts/{acme.account_id}/clients", {"scopes": scopes})
        assert answer.status_code == 422

    def test_a_revoked_client_is_out_at_once_and_stays_out(
        self, service: Service, operator: Caller, acme: Caller
    ) -> None:
        assert enter(service, acme.token) == 200
        for _ in range(2):
            answer = operator.http.delete(f"{ADMIN}/clients/{acme.client_id}")
            assert (answer.status_code, answer.json()["revoked"]) == (200, True)
        assert enter(service, acme.token) == 401
        assert post(operator, f"/clients/{acme.client_id}/secrets").status_code == 409

    def test_two_secrets_hold_while_one_takes_over(
        self, service: Service, operator: Caller, acme: Caller
    ) -> None:
        issued = post(operator, f"/clients/{acme.client_id}/secrets", {"overlap": "PT1H"}).json()
        old = {"client_id": acme.client_id, "client_secret": acme.secret}
        assert [fetch_token(service, one).status_code for one in (old, issued)] == [200, 200]
        assert len(read(operator, acme.account_id)["clients"][0]["secrets"]) == 2
        newest = post(operator, f"/clients/{acme.client_id}/secrets", {"overlap": "PT0S"}).json()
        assert [fetch_token(service, one).status_code for one in (old, issued, newest)] == [401, 401, 200]
        assert enter(service, acme.token) == 200

    @pytest.mark.parametrize("overlap", ["-PT1S", "P91D", "P999999999D", "soon", 3600, None])
    def test_an_overlap_is_a_duration_within_bounds(
        self, operator: Caller, acme: Caller, overlap: Any
    ) -> None:
        assert post(operator, f"/clients/{acme.client_id}/secrets", {"overlap": overlap}).status_code == 422


@pytest.mark.parametrize(("method", "path"), CALLS[2:])
def test_what_is_not_there_is_not_found(operator: Caller, method: str, path: str) -> None:
    path = path.replace("acme", "nobody%00")
    body = {"credits": 1} if path.endswith("credits") else {}
    assert problem(operator.http.request(method, f"{ADMIN}{path}", json=body))["status"] == 404


def test_parameters_that_there_are_not_are_refused(operator: Caller) -> None:
    assert problem(operator.http.get(f"{ADMIN}/accounts", params={"limit": 3}))["parameter"] == "limit"
