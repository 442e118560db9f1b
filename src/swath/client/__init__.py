"""The Python SDK: `Swath` is the way in, the errors are its `ClientError`s. Needs httpx and pydantic, no more."""

from swath.client.errors import ApiError, BadAnswer, ClientError, Unreachable, WaitedTooLong
from swath.client.sdk import ClockReading, Swath

__all__ = [
    "ApiError",
    "BadAnswer",
    "ClientError",
    "ClockReading",
    "Swath",
    "Unreachable",
    "WaitedTooLong",
]
