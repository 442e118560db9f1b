"""Keys: sixteen letters and digits that stand for a candidate, the same whenever the same inputs give it."""

import base64
import hashlib
from datetime import datetime


def build_key(plan_id: str, epoch: datetime, satellite: str, start_s: float, roll_deg: float) -> str:
    """A digest of what makes a candidate the one that it is."""
    text = "|".join([plan_id, epoch.isoformat(), satellite, str(start_s), str(roll_deg)])
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:10]).decode()
