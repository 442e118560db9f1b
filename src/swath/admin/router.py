"""The routes under /admin/v1: what `swath account` does at the machine, for those who are not there.

Signing keys stay at the machine, and so do credentials for this very door: a token that was stolen here must not be
able to make itself last.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Response

from swath.api.creation import parse_key
from swath.api.openapi_patterns import KEY
from swath.oauth.clients import ADMIN
from swath.oauth.registry import Registry, check_scopes
from swath.ops.router import refuse_unknown
from swath.wire import (
    AccountList,
    AccountRecord,
    ClientRecord,
    Funds,
    Issued,
    NewAccount,
    NewClient,
    NewCredits,
    NewSecret,
)
from swath.wire.accounts import GIVEN

PREFIX = "/admin/v1"

AccountName = Annotated[str, Path(description="Name or id of the account")]
ClientId = Annotated[str, Path(description="Id of the client")]
IdempotencyKey = Annotated[
    str | None,
    Header(description="Of all calls with one key only the first adds credits", json_schema_extra=KEY),
]
Refusals = dict[int | str, dict[str, Any]]
TAKEN: Refusals = {409: {}}
NOT_FOUND: Refusals = {404: {}}
NOT_NOW: Refusals = {404: {}, 409: {}}


def build_router(registry: Registry, require: Callable[[str], Callable[..., Any]]) -> APIRouter:
    """The routes under /admin/v1."""
    guards = [Depends(require(ADMIN)), Depends(refuse_unknown)]
    router = APIRouter(prefix=PREFIX, tags=["admin"], dependencies=guards)
    _add_accounts(router, registry)
    _add_clients(router, registry)
    return router


def _add_accounts(router: APIRouter, registry: Registry) -> None:
    @router.get("/accounts", summary="All accounts, with credits and clients")
    def list_accounts() -> AccountList:
        return AccountList(accounts=registry.list_accounts())

    @router.post(
        "/accounts",
        status_code=201,
        summary="Open an account; its first secret is shown once",
        responses=TAKEN,
    )
    def create_account(draft: NewAccount, response: Response) -> Issued:
        issued = registry.create_account(draft.name, draft.credits)
        response.headers["Location"] = f"{PREFIX}/accounts/{issued.account}"
        return _shown_once(issued, response)

    @router.get("/accounts/{account}", summary="One account, with credits and clients", responses=NOT_FOUND)
    def read_account(account: AccountName) -> AccountRecord:
        return registry.read_account(account)

    @router.post("/accounts/{account}/credits", summary="Add credits to an account", responses=NOT_FOUND)
    def add_credits(account: AccountName, draft: NewCredits, idempotency_key: IdempotencyKey = None) -> Funds:
        return registry.add_credits(account, draft.credits, draft.note, parse_key(idempotency_key))


def _add_clients(router: APIRouter, registry: Registry) -> None:
    @router.post(
        "/accounts/{account}/clients",
        status_code=201,
        summary="More credentials of an account",
        responses=NOT_FOUND,
    )
    def add_client(account: AccountName, draft: NewClient, response: Response) -> Issued:
        check_scopes(draft.scopes or (), GIVEN)
        return _shown_once(registry.add_client(account, draft.scopes), response)

    @router.delete(
        "/clients/{client_id}",
        summary="Make credentials useless at once, their tokens included",
        responses=NOT_FOUND,
    )
    def revoke_client(client_id: ClientId) -> ClientRecord:
        return registry.revoke_client(client_id)

    @router.post(
        "/clients/{client_id}/secrets",
        status_code=201,
        summary="A new secret beside the last one",
        responses=NOT_NOW,
    )
    def rotate_secret(client_id: ClientId, draft: NewSecret, response: Response) -> Issued:
        return _shown_once(registry.rotate_secret(client_id, draft.overlap), response)


def _shown_once(issued: Issued, response: Response) -> Issued:
    response.headers["Cache-Control"] = "no-store"
    return issued
