"""Links that open without a token: signed for one item, and for about a day.

Programs that open images (GDAL, QGIS, a browser) do not send tokens. Whoever may read an item gets links to
its files that carry their own right to be read, as object stores do with signed addresses.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from swath.errors import Unauthenticated

# Links change once an hour, so that caches on the way are of use; they hold for 23 to 24 hours.
LIFE = timedelta(hours=24)
STEP_S = 3_600


@dataclass(frozen=True)
class LinkSigner:
    """Signs and checks with a secret of the server's own."""

    key: bytes

    def compute_end_s(self, now: datetime) -> int:
        """The second at which links end that are signed now."""
        return int(now.timestamp()) // STEP_S * STEP_S + int(LIFE.total_seconds())

    def next_end(self, now: datetime) -> datetime:
        """When links that are signed end later than those that are signed now."""
        return datetime.fromtimestamp(int(now.timestamp()) // STEP_S * STEP_S + STEP_S, UTC)

    def sign(self, collection: str, item_id: str, now: datetime) -> str:
        """A token that opens the files of an item: the second it ends, and a keyed digest (HMAC-SHA-256)."""
        ends = f"{self.compute_end_s(now):x}"
        return f"{ends}-{self._digest(collection, item_id, ends)}"

    def check(self, token: str, collection: str, item_id: str, now: datetime) -> None:
        """Raises Unauthenticated for a token that is not ours, not for this item, or over."""
        ends, _, digest = token.partition("-")
        if not hmac.compare_digest(digest.encode(), self._digest(collection, item_id, ends).encode()):
            raise Unauthenticated("This link was not made here; read the item again for its links.")
        if int(ends, 16) <= now.timestamp():
            raise Unauthenticated("This link is no longer good; read the item again for fresh ones.")

    def _digest(self, collection: str, item_id: str, ends: str) -> str:
        message = json.dumps(["file", collection, item_id, ends]).encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()
