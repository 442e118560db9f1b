"""RFC 3339 as regular expressions that any schema can hold: months have their lengths, leap years a day more."""

_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_TIME = rf"[Tt]{_HOUR}:{_SIXTY}:(?:{_SIXTY}|60)(?:\.\d+)?(?:[Zz]|[+-]{_HOUR}:{_SIXTY})"
_LEAP = "(?:0[48]|[2468][048]|[13579][26])"
_LONG, _SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
_MONTH_DAY = rf"(?:{_LONG}-(?:0[1-9]|[12]\d|3[01])|{_SHORT}-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"


def _build_day(centuries: str, leap_centuries: str) -> str:
    return rf"(?:{centuries}\d\d-{_MONTH_DAY}|(?:{centuries}{_LEAP}|{leap_centuries}00)-02-29)"


DAY = _build_day(r"\d\d", "(?:[02468][048]|[13579][26])")
INSTANT = DAY + _TIME
# Of the years 1900 to 2199.
TASKABLE = _build_day("(?:19|20|21)", "20") + _TIME
