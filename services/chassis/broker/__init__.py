"""How Laurel speaks to Kafka: `Listener` hears, `Publisher` tells, `EventLog` is whom they talk to."""

from chassis.broker.delivery import ParkingFull, ParkingPlace, Received, Unhandled
from chassis.broker.listener import Listener
from chassis.broker.log import EmbeddedLog, EventLog, KafkaLog, event_log
from chassis.broker.publisher import Publisher
from chassis.broker.tracing import trace_headers

__all__ = [
    "EmbeddedLog",
    "EventLog",
    "KafkaLog",
    "Listener",
    "ParkingFull",
    "ParkingPlace",
    "Publisher",
    "Received",
    "Unhandled",
    "event_log",
    "trace_headers",
]
