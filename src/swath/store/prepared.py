"""Statements of the calls that come most often, built once: to build one takes five times as long as to run it.

What they are asked with are their parameters; the table of contents is `SqlReader` and `SqlUnitOfWork`.
"""

from functools import cache

from sqlalchemy import Executable, Table, and_, bindparam, delete, func, insert, or_, select, update

from swath.store import tables as t
from swath.tasking.model import RequestStatus

OVER = (RequestStatus.CANCELED, RequestStatus.FAILED, RequestStatus.DATA_AVAILABLE)
# Of a request that is saved; its columns have names of their own.
WHICH = "which"

_requests, _schedules, _captures, _due = t.requests.c, t.schedules.c, t.captures.c, t.due_work.c
_is_open = and_(_due.kind == bindparam("kind"), _due.subject == bindparam("subject"), _due.done_at.is_(None))
_is_over = or_(_requests.status.in_(OVER), and_(_requests.status == RequestStatus.REJECTED, _requests.final))

SCHEDULES = select(_schedules.version, _schedules.created, _schedules.cause)
NEWEST_SCHEDULE = SCHEDULES.order_by(_schedules.version.desc()).limit(1)
CAPTURES_IN = (
    select(t.captures)
    .where(_captures.status.in_(bindparam("statuses", expanding=True)))
    .order_by(_captures.seq)
)
BALANCE = (
    select(t.ledger.c.kind, func.sum(t.ledger.c.amount))
    .where(t.ledger.c.account_id == bindparam("account_id"))
    .group_by(t.ledger.c.kind)
)
CANDIDATES_OF_PLAN = (
    select(t.candidates).where(t.candidates.c.plan_id == bindparam("plan_id")).order_by(t.candidates.c.start)
)
LIVING_CANDIDATES = CANDIDATES_OF_PLAN.where(
    t.candidates.c.start >= bindparam("since"),
    t.candidates.c.end <= bindparam("until"),
    t.candidates.c.valid_until > bindparam("now"),
)
LIVE_REQUEST = (
    select(t.requests)
    .where(
        _requests.account_id == bindparam("account_id"),
        _requests.candidate_id == bindparam("candidate_id"),
        ~_is_over,
    )
    .limit(1)
)
SAVE_REQUEST = update(t.requests).where(_requests.id == bindparam(WHICH))
OPEN_DUE = select(t.due_work).where(_is_open, _due.due_at <= bindparam("due_at")).limit(1)
DROP_DUE = delete(t.due_work).where(_is_open)


@cache
def insert_into(table: Table) -> Executable:
    """A row, with its values as parameters."""
    return insert(table)


@cache
def find_by_id(table: Table, owned: bool) -> Executable:
    """The row of an id, and, when `owned`, of an account."""
    found = select(table).where(table.c.id == bindparam("id"))
    return found.where(table.c.account_id == bindparam("account_id")) if owned else found


@cache
def find_named(table: Table) -> Executable:
    """The rows of some ids."""
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


@cache
def find_elements(dated: bool, limited: bool) -> Executable:
    """The newest elements of each satellite; `dated`, of those imported by `as_of`; `limited`, of `satellites`."""
    c = t.elements.c
    newest = select(c.norad_id, func.max(c.epoch).label("epoch")).group_by(c.norad_id)
    if dated:
        newest = newest.where(c.imported <= bindparam("as_of"))
    if limited:
        newest = newest.where(c.satellite.in_(bindparam("satellites", expanding=True)))
    found = newest.subquery()
    return select(t.elements).join(found, and_(c.norad_id == found.c.norad_id, c.epoch == found.c.epoch))
