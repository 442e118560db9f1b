"""The one tree of errors; every error carries a stable code and says what would be right.

SwathError
 ├─ Malformed          the input could not be read at all
 ├─ BadParameter       a query parameter is wrong (names it)
 ├─ Invalid            a document broke rules (lists each fault)
 ├─ Unauthenticated    no token, or one that does not hold
 ├─ Forbidden          the token lacks a scope
 ├─ InsufficientCredit the account cannot pay
 ├─ NotFound           no such thing, or not yours
 ├─ Conflict           the state of the thing does not allow it
 ├─ TooMany            slow down (says for how long)
 └─ Unavailable        cannot be done now, try later
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One broken rule: where (JSON pointer), a stable code, and a sentence that names the cure."""

    pointer: str
    code: str
    message: str


class SwathError(Exception):
    """Root of all errors that swath raises on purpose."""

    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code


class Malformed(SwathError):
    """The input could not be read: broken JSON, broken UTF-8, an element set with a bad checksum."""

    default_code = "malformed"


class BadParameter(SwathError):
    """A query parameter has a value that cannot be used."""

    default_code = "bad_parameter"

    def __init__(self, parameter: str, message: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.parameter = parameter


class Invalid(SwathError):
    """A well-formed document broke one or more rules."""

    default_code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(dict.fromkeys(fault.message for fault in faults)), code=faults[0].code)
        self.faults = faults


class Unauthenticated(SwathError):
    """No usable credential came with the call. `presented` tells whether one was tried at all."""

    default_code = "invalid_token"

    def __init__(self, message: str, *, presented: bool = True, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.presented = presented


class Forbidden(SwathError):
    """The token is sound but was not given the scope that this needs."""

    default_code = "insufficient_scope"

    def __init__(self, message: str, *, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


class InsufficientCredit(SwathError):
    """The account has fewer free credits than the request costs."""

    default_code = "insufficient_credit"


class NotFound(SwathError):
    """There is no such thing, or it belongs to another account: the two look the same."""

    default_code = "not_found"


class Conflict(SwathError):
    """The thing exists but its state does not allow what was asked. `see` is the id of what stands in the way."""

    default_code = "conflict"

    def __init__(self, message: str, *, code: str | None = None, see: str | None = None) -> None:
        super().__init__(message, code=code)
        self.see = see


class TooMany(SwathError):
    """More calls than allowed."""

    default_code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(SwathError):
    """It cannot be done at the moment, and will be possible later."""

    default_code = "unavailable"

    def __init__(self, message: str, *, retry_after_s: int = 5, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s
