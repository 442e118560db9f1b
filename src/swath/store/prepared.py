"""The statements that come most often in `SqlReader` and `SqlUnitOfWork`; what they are asked with are parameters."""

from functools import cache

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from swath.store import tables as t
from swath.store.driver import Prepared, build_reader, is_listed

# Of a row that is changed; its columns have names of their own.
WHICH = "which"

_requests, _schedules, _captures, _due = t.requests.c, t.schedules.c, t.captures.c, t.due_work.c
_candidates, _answers = t.candidates.c, t.answers.c
_is_open = and_(_due.kind == bindparam("kind"), _due.subject == bindparam("subject"), _due.done_at.is_(None))
_is_due = and_(_is_open, _due.due_at <= bindparam("due_at"))
_in_time = (
    select(t.due_work)
    .where(_due.done_at.is_(None), _due.due_at <= bindparam("until"))
    .order_by(_due.due_at, _due.seq)
)
_live = select(t.requests).where(_requests.final == false())
_of_plan = select(t.candidates).where(_candidates.plan_id == bindparam("plan_id")).order_by(_candidates.start)

SCHEDULES = select(_schedules.version, _schedules.created, _schedules.cause)
NEWEST_SCHEDULE = Prepared(SCHEDULES.order_by(_schedules.version.desc()).limit(1))
LIVE_REQUESTS = Prepared(_live.order_by(_requests.seq))
FOUND_AGAIN = Prepared(_live.where(_requests.fresh.is_not(None)).order_by(_requests.seq))
CAPTURES_IN = Prepared(
    select(t.captures).where(is_listed(_captures.status, "statuses")).order_by(_captures.seq)
)
CAPTURES_ENDED = Prepared(
    select(t.captures)
    .where(
        is_listed(_captures.status, "statuses"),
        _captures.ends > bindparam("since"),
        _captures.ends <= bindparam("until"),
    )
    .order_by(_captures.seq)
)
BALANCE = Prepared(
    select(t.balances.c.kind, t.balances.c.amount).where(t.balances.c.account_id == bindparam("account_id"))
)
CANDIDATES_OF_PLAN = Prepared(_of_plan)
LIVING_CANDIDATES = Prepared(
    _of_plan.where(
        is_listed(_candidates.satellite, "satellites"),
        _candidates.start >= bindparam("since"),
        _candidates.end <= bindparam("until"),
        _candidates.valid_until > bindparam("now"),
    )
)
LIVE_REQUEST = Prepared(
    _live.where(
        _requests.account_id == bindparam("account_id"), _requests.candidate_id == bindparam("candidate_id")
    ).limit(1)
)
OPEN_DUE = Prepared(select(t.due_work).where(_is_due).limit(1))
NEXT_DUE = Prepared(_in_time.limit(1))
ALL_DUE = Prepared(_in_time.where(is_listed(_due.kind, "kinds")))
DROP_DUE = Prepared(delete(t.due_work).where(_is_open))
_added_due = (_due.id, _due.kind, _due.subject, _due.due_at)
# Nothing where the same is due by then.
ADD_DUE = Prepared(
    insert(t.due_work).from_select(
        [*_added_due, _due.attempts],
        select(*(bindparam(c.name, type_=c.type) for c in _added_due), literal(0)).where(
            ~exists().where(_is_due)
        ),
    )
)
CLIENT_OF_TOKEN = Prepared(
    select(t.api_clients).where(
        t.api_clients.c.id == bindparam("client_id"),
        ~exists().where(t.revoked_tokens.c.id == bindparam("token_id")),
    )
)
CLOCK = Prepared(select(t.sandbox.c.now, t.sandbox.c.rate))
ANSWER_FOR_KEY = Prepared(
    select(_answers.body_digest, _answers.document).where(
        _answers.account_id == bindparam("account_id"),
        _answers.key == bindparam("key"),
        _answers.created > bindparam("since"),
    )
)

# Those of grants hold for ever, and have no document.
FORGET_ANSWERS = Prepared(
    delete(t.answers).where(_answers.created <= bindparam("until"), _answers.document.is_not(None))
)

# Of rows as they lie there.
read_candidate, read_request = build_reader(t.candidates.c), build_reader(t.requests.c)


def _add_to_balance() -> Prepared:
    names, adding = ["account_id", "kind", "amount"], sqlite.insert(t.balances)
    more = {"amount": t.balances.c.amount + adding.excluded.amount}
    return Prepared(adding.on_conflict_do_update(index_elements=names[:2], set_=more), names)


def _remember_answer() -> Prepared:
    names = ["account_id", "key", "body_digest", "document", "created"]
    adding = sqlite.insert(t.answers)
    anew = {name: adding.excluded[name] for name in names[2:]}
    return Prepared(adding.on_conflict_do_update(index_elements=names[:2], set_=anew), names)


ADD_TO_BALANCE = _add_to_balance()
REMEMBER_ANSWER = _remember_answer()


@cache
def insert_into(table: Table, columns: tuple[str, ...]) -> Prepared:
    """A row, with these of its values as parameters."""
    return Prepared(insert(table), columns)


@cache
def change_row(table: Table, columns: tuple[str, ...]) -> Prepared:
    """These values of the row whose id is `WHICH`."""
    return Prepared(update(table).where(table.c.id == bindparam(WHICH)), columns)


@cache
def find_by_id(table: Table, owned: bool) -> Prepared:
    """The row of an id, and, when `owned`, of an account."""
    found = select(table).where(table.c.id == bindparam("id"))
    return Prepared(found.where(table.c.account_id == bindparam("account_id")) if owned else found)


@cache
def find_seq(table: Table) -> Prepared:
    """The key of the row of an id."""
    return Prepared(select(table.c.seq).where(table.c.id == bindparam("id")))


@cache
def find_named(table: Table) -> Prepared:
    """The rows of some ids."""
    return Prepared(select(table).where(is_listed(table.c.id, "ids")))


@cache
def find_elements(dated: bool, limited: bool) -> Prepared:
    """The newest elements of each satellite; `dated`, of those imported by `as_of`; `limited`, of `satellites`."""
    c = t.elements.c
    newest = select(c.norad_id, func.max(c.epoch).label("epoch")).group_by(c.norad_id)
    if dated:
        newest = newest.where(c.imported <= bindparam("as_of"))
    if limited:
        newest = newest.where(is_listed(c.satellite, "satellites"))
    found = newest.subquery()
    return Prepared(
        select(t.elements).join(found, and_(c.norad_id == found.c.norad_id, c.epoch == found.c.epoch))
    )
