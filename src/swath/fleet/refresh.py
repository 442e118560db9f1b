"""Fetches fresh element sets from a server that speaks CelesTrak's GP query: OMM as JSON, by catalogue number."""

from collections.abc import Iterable

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from swath.errors import Malformed, SwathError, Unavailable
from swath.orbit.elements import Elements, parse_omm_json

CELESTRAK_GP = "https://celestrak.org/NORAD/elements/gp.php"
ATTEMPTS = 4
# What CelesTrak answers, with 200 or 404, when it has no set of a satellite.
NO_DATA = "no gp data found"


class _TryAgain(Exception):
    """The server is busy or out of reach; the next attempt may do."""


def fetch_elements(
    norad_ids: Iterable[int],
    *,
    client: httpx.Client,
    base_url: str = CELESTRAK_GP,
    first_wait_s: float = 1.0,
) -> tuple[Elements, ...]:
    """The newest set of each satellite, asked for one by one; those the server has none of are left out.

    A busy or silent server is asked again, `first_wait_s` later and then twice as late each time. Raises Unavailable
    when it stays so, SwathError (`refresh_refused`) when it refuses, Malformed when it answers something else.
    """
    return tuple(
        elements
        for norad_id in norad_ids
        for elements in _fetch_one(norad_id, client, base_url, first_wait_s)
    )


def _fetch_one(
    norad_id: int, client: httpx.Client, base_url: str, first_wait_s: float
) -> tuple[Elements, ...]:
    attempts = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=first_wait_s),
        retry=retry_if_exception_type(_TryAgain),
        reraise=True,
    )
    try:
        text = attempts(_ask, norad_id, client, base_url)
    except _TryAgain as error:
        raise Unavailable(
            f"Elements of {norad_id} could not be fetched in {ATTEMPTS} attempts: {error}."
        ) from error
    return () if _says_no_data(text) else _read(norad_id, text)


def _ask(norad_id: int, client: httpx.Client, base_url: str) -> str:
    try:
        answer = client.get(base_url, params={"CATNR": norad_id, "FORMAT": "JSON"})
    except httpx.RequestError as error:
        raise _TryAgain(f"{type(error).__name__}: {error}") from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _TryAgain(f"the server answered {answer.status_code}")
    if not answer.is_success and not _says_no_data(answer.text):
        raise SwathError(
            f"The server refused elements of {norad_id} with {answer.status_code}: {answer.text[:120].strip()!r}. "
            "CelesTrak blocks addresses that ask too often; wait two hours.",
            code="refresh_refused",
        )
    return answer.text


def _says_no_data(text: str) -> bool:
    return NO_DATA in text[:200].lower()


def _read(norad_id: int, text: str) -> tuple[Elements, ...]:
    try:
        found = parse_omm_json(text)
    except Malformed as error:
        raise Malformed(f"The server's answer about {norad_id} is not OMM: {error.message}.") from error
    others = [elements.norad_id for elements in found if elements.norad_id != norad_id]
    if others:
        raise Malformed(f"The server was asked about {norad_id} and answered about {others[0]}.")
    return found
