"""Credit: hold when asked, charge when delivered, release when it came to nothing. Entries are only ever added."""

from datetime import datetime

from swath.errors import InsufficientCredit
from swath.tasking.model import Entry, EntryKind, TaskingRequest
from swath.tasking.ports import UnitOfWork


def hold(uow: UnitOfWork, account_id: str, request_id: str, cost: int, now: datetime) -> None:
    """Set `cost` credits aside for a request; raises InsufficientCredit when the account has fewer free."""
    free = uow.balance(account_id).free
    if free < cost:
        raise InsufficientCredit(
            f"The request costs {cost} credit{'s' * (cost != 1)}; the account has {free} free. "
            "Cancel a request that is not needed, or have credits added."
        )
    uow.add_entry(Entry(account_id, EntryKind.HOLD, cost, now, request_id))


def charge(uow: UnitOfWork, request: TaskingRequest, now: datetime) -> None:
    """Take the credits held for a request for good; does nothing the second time."""
    _settle(uow, request, EntryKind.CHARGE, now)


def release(uow: UnitOfWork, request: TaskingRequest, now: datetime) -> None:
    """Give the credits held for a request back; does nothing the second time."""
    _settle(uow, request, EntryKind.RELEASE, now)


def _settle(uow: UnitOfWork, request: TaskingRequest, kind: EntryKind, now: datetime) -> None:
    kinds = {entry.kind for entry in uow.entries_of_request(request.id)}
    if kinds & {EntryKind.CHARGE, EntryKind.RELEASE}:
        return
    uow.add_entry(Entry(request.account_id, kind, request.cost, now, request.id))
