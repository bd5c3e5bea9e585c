"""What the monitor does: see, show, draw the account, repair."""

from monitor.handlers.repairing import ListParked, RepairParked
from monitor.handlers.watching import DrawAccount, ListReviews, SeeEvents, ShowFlow

__all__ = ["DrawAccount", "ListParked", "ListReviews", "RepairParked", "SeeEvents", "ShowFlow"]
