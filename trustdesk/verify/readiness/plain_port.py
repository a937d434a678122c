"""What a port without TLS gives away before a protocol is spoken: the same for HTTP and AMQP."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.verify.case import Rule, Ruling


def ruling_without_answer(rule: Rule, plain: PlainAnswer, something_else: Message) -> Ruling | None:
    """Return what a rule says where the protocol was not spoken; None where it was.

    Args:
        something_else: said where something answers that is not the protocol.
    """
    match plain.outcome:
        case PlainOutcome.REFUSED:
            return rule.passed(msg("Nobody listens on port {port}.", port=plain.port))
        case PlainOutcome.CLOSED:
            return rule.passed(msg("Port {port} ended the connection without an answer.", port=plain.port))
        case PlainOutcome.SOMETHING_ELSE:
            return rule.passed(something_else)
        case PlainOutcome.NOT_REACHED | PlainOutcome.SILENT:
            return rule.not_run(
                msg(
                    "Port {port} does not answer, which may be a firewall's doing, ours or theirs.",
                    port=plain.port,
                )
            )
        case _:
            return None
