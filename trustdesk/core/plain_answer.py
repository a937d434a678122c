"""What a port without TLS says when it is asked, once, for what it should not serve in the clear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.probe import AmqpFacts


class PlainOutcome(StrEnum):
    """What a port without TLS did.

    REFUSED: the machine answers that nobody listens there. NOT_REACHED, SILENT: which may be the network's
    doing as well as the partner's, so that neither tells anything. SOMETHING_ELSE: it speaks, but not this.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    SILENT = "silent"
    CLOSED = "closed"
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainAnswer:
    """What came of asking a port without TLS.

    Attributes:
        http, amqp: the answer, in the protocol that was asked for; None without one.
    """

    port: int
    outcome: PlainOutcome
    http: HttpAnswer | None = None
    amqp: AmqpFacts | None = None
