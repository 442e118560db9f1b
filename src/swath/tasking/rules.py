"""What every use case is told beside the unit of work and the time: the fleet, the limits and the prices."""

from dataclasses import dataclass
from datetime import timedelta

from swath.fleet import Fleet
from swath.settings import Limits, Notices, Prices
from swath.tasking.model import Priority


@dataclass(frozen=True)
class Rules:
    """The house rules, fixed for the life of a process."""

    fleet: Fleet
    limits: Limits
    prices: Prices
    notices: Notices

    def price(self, priority: Priority) -> int:
        """Credits that a request of this priority holds and, once delivered, costs."""
        by_priority = {
            Priority.EMERGENCY: self.prices.emergency,
            Priority.NORMAL: self.prices.normal,
            Priority.WISHLIST: self.prices.wishlist,
        }
        return by_priority[priority]

    def notice(self, priority: Priority) -> timedelta | None:
        """How long before its commands freeze a request of this priority is promised its capture; None is at once."""
        by_priority = {
            Priority.EMERGENCY: None,
            Priority.NORMAL: self.notices.normal,
            Priority.WISHLIST: self.notices.wishlist,
        }
        return by_priority[priority]
