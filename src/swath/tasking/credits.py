"""Credit: hold when asked, charge when delivered, release when it came to nothing. Entries are only ever added."""

from datetime import datetime

from swath.errors import InsufficientCredit
from swath.tasking.model import Entry, EntryKind, TaskingRequest
from swath.tasking.ports import UnitOfWork


def hold(uow: UnitOfWork, request: TaskingRequest, now: datetime) -> None:
    """Set a request's cost aside; raises InsufficientCredit when its account has less free."""
    free, cost = uow.balance(request.account_id).free, request.cost
    if free < cost:
        raise InsufficientCredit(
            f"The request costs {cost} credit{'s' * (cost != 1)}; the account has {free} free. "
            "Cancel a request that is not needed, or have credits added."
        )
    uow.add_entry(Entry(request.account_id, EntryKind.HOLD, cost, now, request.id))


def settle(uow: UnitOfWork, request: TaskingRequest, kind: EntryKind, now: datetime) -> None:
    """Charge or release what is on hold for a request; the store refuses to do either twice."""
    uow.add_entry(Entry(request.account_id, kind, request.cost, now, request.id))
