"""What a person signs on a review sheet: a decision on these certificates, by these lists, of that day."""

from __future__ import annotations

from collections.abc import Callable

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.services.review import PartnerReview
from trustdesk.services.review_view import SignOffView

_SHOWN_CERTIFICATES = 6


def sign_off(review: PartnerReview, say: Callable[[Message], str]) -> SignOffView:
    """Return the box: nothing in it is filled in, and what it holds for stands in it."""
    return SignOffView(
        title=say(msg("Decision and sign-off")),
        basis=tuple(say(words) for words in _basis(review)),
        choices=tuple(
            say(words)
            for words in (
                msg("Accepted"),
                msg("Accepted with conditions"),
                msg("Refused"),
                msg("To be looked at again"),
            )
        ),
        comment=say(msg("Conditions, and reasons")),
        signers=tuple(
            tuple(say(words) for words in labels)
            for labels in (
                (msg("Reviewed by (name, duty)"), msg("Date"), msg("Signature")),
                (msg("Second person (name, duty)"), msg("Date"), msg("Signature")),
            )
        ),
    )


def _basis(review: PartnerReview) -> list[Message]:
    basis = [
        msg(
            "Holds for the certificates named here alone, as judged on {at}. {lists}",
            at=review.evaluated_at or review.made_at,
            lists=review.trust_list,
        )
    ]
    shown: list[str] = []
    for endpoint in review.endpoints:
        chain = () if endpoint.report is None else endpoint.report.record.presented_chain
        if chain and chain[0].sha256 not in shown:
            shown.append(chain[0].sha256)
    basis += [
        msg("Server certificate, SHA-256 {digest}", digest=_spelled(sha256))
        for sha256 in shown[:_SHOWN_CERTIFICATES]
    ]
    left = len(shown) - _SHOWN_CERTIFICATES
    if left > 0:
        basis.append(msg_n("{count} more server certificate", "{count} more server certificates", left))
    if not shown:
        basis.append(msg("No server certificate was seen, so there is none to accept."))
    return basis


def _spelled(sha256: str) -> str:
    return ":".join(sha256[at : at + 2].upper() for at in range(0, 64, 2))
