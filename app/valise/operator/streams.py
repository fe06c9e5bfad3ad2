"""The two streams of a delegation and the seats of its laptops, as the server's API takes them (docs.nats.io "JetStream wire
API"; NATS ADR-31 and the schemas of nats-io/jsm.go). Durations in nanoseconds.

A stream keeps a message until every seat has confirmed it. A seat that nobody reads from therefore keeps everything until it is
taken away or the message is 60 days old.
"""

from __future__ import annotations

from typing import Any, Final

from valise.operator import plan as plans
from valise.operator.plan import Delegation, Plan

_SECOND: Final = 1_000_000_000


def stream(plan: Plan, one: Delegation, *, large: bool) -> dict[str, Any]:
    """As in $JS.API.STREAM.CREATE."""
    octets = plan.capacity_of(one) // 2
    most = plans.MOST_LARGE if large else plans.MOST_ENVELOPE
    return {
        "name": one.streams[large],
        "subjects": [f"{'blob' if large else 'inbox'}.{one.inbox}.*"],
        "storage": "file",
        "num_replicas": plan.replicas,
        "retention": "interest",
        "discard": "new",
        "discard_new_per_subject": True,
        "max_msgs_per_subject": plans.per_writer(octets, most),
        "max_msg_size": most,
        "max_msgs": -1,
        "max_bytes": octets,
        "max_age": plans.MOST_AGE * _SECOND,
        "max_consumers": plans.MOST_LAPTOPS,
        "duplicate_window": plans.WINDOW * _SECOND,
        "deny_delete": True,
        "deny_purge": True,
        "allow_direct": False,
        "allow_rollup_hdrs": False,
    }


def seat(plan: Plan, name: str) -> dict[str, Any]:
    """As in $JS.API.CONSUMER.DURABLE.CREATE. Everything that comes from now on; nothing is ever given up."""
    return {
        "durable_name": name,
        "deliver_policy": "all",
        "ack_policy": "explicit",
        "ack_wait": plans.ACK_WAIT * _SECOND,
        "max_deliver": -1,
        "max_ack_pending": plans.ACK_PENDING,
        "max_waiting": 64,
        "replay_policy": "instant",
        "num_replicas": plan.replicas,
    }
