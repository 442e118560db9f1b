"""Fetches tokens with the OAuth clients that people have, then checks the rules of the RFCs on the wire.

usage: oauth_clients.py TOKEN_URL ID SECRET PROTECTED_URL [SCOPE]

PROTECTED_URL needs a token that has SCOPE. The client must have another scope as well: a token for that one alone must
be refused there, and without SCOPE this rule cannot hold.

Ends with two counts; the exit code is 1 unless all of both hold. Needs: httpx, authlib, requests-oauthlib, httpx-auth.
"""

import base64
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import httpx

# Both libraries refuse plain HTTP otherwise, also on the loopback.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")

GRANT = {"grant_type": "client_credentials"}


@dataclass(frozen=True)
class Target:
    """The server under test, and credentials that it gave out."""

    token_url: str
    client_id: str
    secret: str
    protected_url: str
    scope: str | None = None

    @property
    def in_body(self) -> dict[str, str]:
        return {**GRANT, "client_id": self.client_id, "client_secret": self.secret}

    def basic(self, secret: str | None = None) -> dict[str, str]:
        """HTTP Basic as RFC 6749 section 2.3.1 has it: both parts are form-encoded first."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret if secret is None else secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def ask(
        self, data: Mapping[str, str] = GRANT, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return httpx.post(self.token_url, data=dict(data), headers=headers)

    def token(self, **more: str) -> str:
        return self.ask({**GRANT, **more}, self.basic()).json()["access_token"]

    def call(self, authorization: str | None) -> httpx.Response:
        headers = {"Authorization": authorization} if authorization is not None else {}
        return httpx.get(self.protected_url, headers=headers)


def authlib_basic(at: Target) -> int:
    """authlib over requests, client_secret_basic."""
    return _with_authlib(at, "client_secret_basic")


def authlib_post(at: Target) -> int:
    """authlib over requests, client_secret_post."""
    return _with_authlib(at, "client_secret_post")


def authlib_httpx(at: Target) -> int:
    """authlib over httpx."""
    from authlib.integrations.httpx_client import OAuth2Client

    with OAuth2Client(at.client_id, at.secret, scope=at.scope) as client:
        client.fetch_token(at.token_url, grant_type="client_credentials")
        return client.get(at.protected_url).status_code


def requests_oauthlib(at: Target) -> int:
    """requests-oauthlib with oauthlib's BackendApplicationClient."""
    from oauthlib.oauth2 import BackendApplicationClient
    from requests_oauthlib import OAuth2Session

    with OAuth2Session(client=BackendApplicationClient(at.client_id), scope=at.scope) as session:
        session.fetch_token(at.token_url, client_id=at.client_id, client_secret=at.secret)
        return session.get(at.protected_url).status_code


def httpx_auth(at: Target) -> int:
    """httpx-auth."""
    from httpx_auth import OAuth2ClientCredentials

    scope = {"scope": at.scope} if at.scope else {}
    auth = OAuth2ClientCredentials(at.token_url, at.client_id, at.secret, **scope)
    return httpx.get(at.protected_url, auth=auth).status_code


def _with_authlib(at: Target, method: str) -> int:
    from authlib.integrations.requests_client import OAuth2Session

    client = OAuth2Session(at.client_id, at.secret, scope=at.scope, token_endpoint_auth_method=method)
    with client:
        client.fetch_token(at.token_url, grant_type="client_credentials")
        return client.get(at.protected_url).status_code


CLIENTS: tuple[Callable[[Target], int], ...] = (
    authlib_basic,
    authlib_post,
    authlib_httpx,
    requests_oauthlib,
    httpx_auth,
)


def basic_and_body(at: Target) -> bool:
    """RFC 6749 2.3.1: the secret is taken by HTTP Basic and in the form."""
    return at.ask(headers=at.basic()).status_code == at.ask(at.in_body).status_code == 200


def answer(at: Target) -> bool:
    """RFC 6749 5.1: JSON with access_token, token_type and expires_in, as types and names say."""
    given = at.ask(headers=at.basic())
    document = given.json()
    return (
        given.headers["content-type"].startswith("application/json")
        and isinstance(document["access_token"], str)
        and document["token_type"].lower() == "bearer"
        and type(document["expires_in"]) is int
        and document["expires_in"] > 0
    )


def not_stored(at: Target) -> bool:
    """RFC 6749 5.1: Cache-Control: no-store and Pragma: no-cache, on refusals too."""
    answers = (at.ask(headers=at.basic()), at.ask(headers=at.basic("wrong")))
    return all("no-store" in a.headers["cache-control"] and "pragma" in a.headers for a in answers)


def no_refresh(at: Target) -> bool:
    """RFC 6749 4.4.3: no refresh token for client credentials."""
    return "refresh_token" not in at.ask(headers=at.basic()).json()


def wrong_secret_by_basic(at: Target) -> bool:
    """RFC 6749 5.2: a wrong secret by Basic is 401 invalid_client with a challenge of that scheme."""
    refused = at.ask(headers=at.basic("wrong"))
    challenge = refused.headers.get("www-authenticate", "")
    return _says(refused, 401, "invalid_client") and challenge.lower().startswith("basic")


def wrong_secret_in_body(at: Target) -> bool:
    """RFC 6749 5.2: a wrong secret in the form is invalid_client; an unknown client is answered the same."""
    wrong = at.ask({**at.in_body, "client_secret": "wrong"})
    nobody = at.ask({**at.in_body, "client_id": "nobody-of-that-name"})
    alike = (wrong.status_code, wrong.json()) == (nobody.status_code, nobody.json())
    return alike and (_says(wrong, 401, "invalid_client") or _says(wrong, 400, "invalid_client"))


def grant_type_is_needed(at: Target) -> bool:
    """RFC 6749 5.2: grant_type left out, or empty, is invalid_request."""
    answers = (at.ask({}, at.basic()), at.ask({"grant_type": ""}, at.basic()))
    return all(_says(refused, 400, "invalid_request") for refused in answers)


def other_grants(at: Target) -> bool:
    """RFC 6749 5.2: another grant type is unsupported_grant_type."""
    return all(
        _says(at.ask({"grant_type": kind}, at.basic()), 400, "unsupported_grant_type")
        for kind in ("password", "urn:example:unknown")
    )


def scopes(at: Target) -> bool:
    """RFC 6749 5.2: a scope that there is not is invalid_scope, alone and beside one that there is."""
    beside = f"{at.scope or ''} no-such-scope".strip()
    return all(
        _says(at.ask({**GRANT, "scope": scope}, at.basic()), 400, "invalid_scope")
        for scope in ("no-such-scope", beside, "*")
    )


def forms_only(at: Target) -> bool:
    """RFC 6749 3.2, 4.4.2: POST with a form, nothing in the address; no GET, no other body, no parameter twice."""
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = (
        httpx.get(at.token_url, params=at.in_body),
        httpx.post(at.token_url, params=at.in_body),
        httpx.post(at.token_url, json=GRANT, headers=at.basic()),
        httpx.post(at.token_url, content="grant_type=client_credentials", headers=at.basic()),
        httpx.post(at.token_url, content=twice, headers={**form, **at.basic()}),
    )
    return all(400 <= one.status_code < 500 and "access_token" not in one.text for one in refused)


def one_way(at: Target) -> bool:
    """RFC 6749 2.3: not more than one way of proving who one is in a call."""
    return _says(at.ask(at.in_body, at.basic()), 400, "invalid_request")


def challenge_without_token(at: Target) -> bool:
    """RFC 6750 3.1: no token at all is 401 with a Bearer challenge that names no error."""
    refused = at.call(None)
    challenge = refused.headers.get("www-authenticate", "")
    return refused.status_code == 401 and challenge.lower().startswith("bearer") and "error" not in challenge


def challenge_with_bad_token(at: Target) -> bool:
    """RFC 6750 2.1, 3.1: a bad token is 401 invalid_token; a good one goes in, whatever the case of the scheme."""
    refused = [at.call(f"Bearer {text}") for text in ("garbage", f"{at.token()}x")]
    let_in = [at.call(f"{scheme} {at.token()}").is_success for scheme in ("Bearer", "bearer", "BEARER")]
    return all(r.status_code == 401 and _challenges(r, "invalid_token") for r in refused) and all(let_in)


def insufficient_scope(at: Target) -> bool | str:
    """RFC 6749 3.3, RFC 6750 3.1: a token for less says so, and is 403 insufficient_scope where it does not reach."""
    everything = _list_scopes(at.ask(headers=at.basic()).json())
    others = [scope for scope in everything if scope != at.scope]
    if at.scope is None or not others:
        return "not tried: it takes SCOPE, and a client that has another one too"
    given = at.ask({**GRANT, "scope": others[0]}, at.basic()).json()
    refused = at.call(f"Bearer {given['access_token']}")
    return (
        given["scope"] == others[0]
        and refused.status_code == 403
        and _challenges(refused, "insufficient_scope")
    )


RULES: tuple[Callable[[Target], bool | str], ...] = (
    basic_and_body,
    answer,
    not_stored,
    no_refresh,
    wrong_secret_by_basic,
    wrong_secret_in_body,
    grant_type_is_needed,
    other_grants,
    scopes,
    forms_only,
    one_way,
    challenge_without_token,
    challenge_with_bad_token,
    insufficient_scope,
)


def _list_scopes(answer: Mapping[str, str]) -> list[str]:
    """What a token allows, as its answer tells or, where the server leaves that out, as a JWT tells itself."""
    if "scope" in answer:
        return answer["scope"].split()
    claims = answer["access_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))).get("scope", "").split()


def _says(answer: httpx.Response, status: int, error: str) -> bool:
    return answer.status_code == status and answer.json().get("error") == error


def _challenges(answer: httpx.Response, error: str) -> bool:
    challenge = answer.headers.get("www-authenticate", "")
    return challenge.lower().startswith("bearer") and f'error="{error}"' in challenge


def count(what: str, checks: Mapping[str, Callable[[], Any]]) -> bool:
    """Run checks, say which fail and why, and how many hold."""
    held = 0
    for name, check in checks.items():
        try:
            found = check()
        except Exception:  # a check that breaks has not held, and the next one is to be run all the same
            found = f"broke\n{traceback.format_exc(limit=-2)}"
        held += found is True
        print(f"{'ok  ' if found is True else 'FAIL'} {name}{'' if found in (True, False) else f': {found}'}")
    print(f"{what}: {held}/{len(checks)}")
    return held == len(checks)


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    if not 4 <= len(arguments) <= 5:
        sys.exit(__doc__)
    at = Target(*arguments)
    fine_clients = count("clients", {_title(c): lambda c=c: c(at) == 200 or "not let in" for c in CLIENTS})
    fine_rules = count("rules", {_title(rule): lambda rule=rule: rule(at) for rule in RULES})
    return 0 if fine_clients and fine_rules else 1


def _title(check: Callable[..., Any]) -> str:
    return (check.__doc__ or check.__name__).strip().rstrip(".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
