"""What a diagnosis found out beside the cause, in sentences."""

from __future__ import annotations

from trustdesk.core.diagnosis import Diagnosis, LegacyAnswer
from trustdesk.core.message import Message, msg

_OLD_NAMES = {"TLSv1.1": "TLS 1.1", "TLSv1": "TLS 1.0", "SSLv3": "SSL 3.0"}


def family_words(diagnosis: Diagnosis) -> list[Message]:
    """Say what software ends TLS there, as far as it shows; empty where nothing does."""
    family = diagnosis.family
    if family is None:
        return []
    if family.certain:
        return [msg("Server software: {family}. {evidence}", family=family.family, evidence=family.evidence)]
    return [
        msg(
            "Server software, most likely: {family}. {evidence}",
            family=family.family,
            evidence=family.evidence,
        )
    ]


def legacy_words(diagnosis: Diagnosis) -> list[Message]:
    """Say which old versions the server still accepts, refuses, or left open; empty when it was not asked."""
    accepted, refused, unknown = (
        _names(diagnosis, answer)
        for answer in (LegacyAnswer.ACCEPTED, LegacyAnswer.REFUSED, LegacyAnswer.UNKNOWN)
    )
    sentences = {
        LegacyAnswer.ACCEPTED: msg("Old versions accepted: {names}.", names=accepted),
        LegacyAnswer.REFUSED: msg("Old versions refused: {names}.", names=refused),
        LegacyAnswer.UNKNOWN: msg("Old versions without an answer: {names}.", names=unknown),
    }
    answers = {one.answer for one in diagnosis.legacy}
    return [sentence for answer, sentence in sentences.items() if answer in answers]


def _names(diagnosis: Diagnosis, answer: LegacyAnswer) -> str:
    return ", ".join(
        _OLD_NAMES.get(one.version, one.version) for one in diagnosis.legacy if one.answer is answer
    )
