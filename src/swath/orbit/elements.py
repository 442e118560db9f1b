"""Element sets, whatever they are written in: the one door of this room for reading and writing them."""

from datetime import datetime, timedelta

from swath.orbit.mean import Elements, satrec
from swath.orbit.omm import from_omm, parse_omm_csv, parse_omm_json, parse_omm_kvn, parse_omm_xml, to_omm
from swath.orbit.tle import parse_tle

__all__ = [
    "Elements",
    "elements_age",
    "from_omm",
    "parse_elements",
    "parse_omm_csv",
    "parse_omm_json",
    "parse_omm_kvn",
    "parse_omm_xml",
    "parse_tle",
    "satrec",
    "to_omm",
]


def parse_elements(text: str) -> tuple[Elements, ...]:
    """Read element sets from TLE, or from OMM in JSON, XML, CSV or KVN; the text itself tells which.

    Raises Malformed that says where in the text, what was found and what is right.
    """
    body = text.lstrip("\ufeff \t\r\n")
    first_line = body.partition("\n")[0]
    if body.startswith(("[", "{")):
        return parse_omm_json(text.lstrip("\ufeff"))
    if body.startswith("<"):
        return parse_omm_xml(body)
    if "CCSDS_OMM_VERS" in first_line or first_line.startswith("COMMENT"):
        return parse_omm_kvn(body)
    if "NORAD_CAT_ID" in first_line:
        return parse_omm_csv(body)
    return parse_tle(text.lstrip("\ufeff"))


def elements_age(elements: Elements, now: datetime) -> timedelta:
    """How long before `now` the epoch lies; negative when it is still to come."""
    return now - elements.epoch
