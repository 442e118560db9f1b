"""Names and notes: one line of text. The patterns say all that is asked of it, so that whoever reads them can check."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

MOST_NAME, MOST_ACCOUNT_NAME, MOST_NOTE = 200, 100, 500
# Control characters, line breaks, and what turns the direction of the text around it: none is seen, all do harm.
_UNSEEN = r"\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff"
LINE_PATTERN = f"^[^{_UNSEEN}]*$"
NAME_PATTERN = rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*$"
# Half a surrogate pair cannot travel in JSON, but it can be typed at the machine.
_FOUND = re.compile(f"[{_UNSEEN}\ud800-\udfff]")


def is_line(text: str) -> bool:
    """Whether the text is one line that can be seen; characters of Unicode to come are taken, too."""
    return _FOUND.search(text) is None


def _check_line(text: str) -> str:
    if not is_line(text):
        raise ValueError("a name has no control characters or line breaks")
    return text


def describe_name(most: int) -> dict[str, Any]:
    """The JSON Schema of a name of at most so many characters, one of which can be seen."""
    return {"minLength": 1, "maxLength": most, "pattern": NAME_PATTERN}


Name = Annotated[
    str,
    AfterValidator(_check_line),
    Field(
        description=f"1 to {MOST_NAME} characters",
        examples=["Rice, July"],
        json_schema_extra=describe_name(MOST_NAME),
    ),
]
