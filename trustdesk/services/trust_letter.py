"""Write to a partner who would stop being trusted: what changes here, which path is lost, what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_impact import AffectedChain, Impact
from trustdesk.services.partner_letter import Fact, Letter, Section


def write_trust_letter(chain: AffectedChain, impact: Impact) -> Letter:
    """Write to the partner of an endpoint whose path would be lost; nothing in it is secret."""
    return Letter(
        subject=msg(
            "{place}: your certificate and our trust list", place=chain.place or chain.partner or "–"
        ),
        sections=tuple(_sections(chain, impact)),
    )


def _sections(chain: AffectedChain, impact: Impact) -> Iterator[Section]:
    when = (
        msg("On {date} this changes: {title}.", date=_day(impact.at_after), title=impact.title)
        if impact.at_after != impact.at
        else msg("We are about to change our trust list: {title}.", title=impact.title)
    )
    yield Section(
        paragraphs=(
            msg("Dear colleagues,"),
            msg("your server {place} is trusted by us today.", place=chain.place or "–"),
            when,
            msg(
                "By what we have stored of your certificates, it would not be trusted then: {why}.",
                why=chain.why,
            ),
            msg("Nothing has been changed yet."),
        )
    )
    yield Section(
        heading=msg("What we ask for"),
        points=(
            msg("Please tell us which CA your next certificate will come from, and when you install it."),
            msg("If your certificate has been renewed already, tell us, and we test again."),
        ),
    )
    if chain.lost_path:
        yield Section(
            heading=msg("The path that is lost"),
            facts=tuple(
                Fact(
                    label=_role(place, len(chain.lost_path)), value=_named(one, one.sha256 == chain.broken_by)
                )
                for place, one in enumerate(chain.lost_path)
            ),
        )
        yield Section(heading=msg("Your certificate"), facts=tuple(_certificate(chain.lost_path[0])))


def _certificate(facts: CertificateFacts) -> Iterator[Fact]:
    yield Fact(label=msg("Subject"), value=_foreign(facts.subject or "–"))
    yield Fact(label=msg("Issuer"), value=_foreign(facts.issuer or "–"))
    yield Fact(label=msg("Serial number"), value=_foreign(facts.serial_number or "–"))
    if facts.not_after is not None:
        yield Fact(label=msg("Valid until"), value=_foreign(_day(facts.not_after)))
    pairs = ":".join(facts.sha256[at : at + 2] for at in range(0, len(facts.sha256), 2)).upper()
    yield Fact(label=msg("SHA-256"), value=_foreign(pairs))


def _role(place: int, count: int) -> Message:
    if place == 0:
        return msg("Certificate")
    return msg("Root") if place == count - 1 else msg("Issuing CA")


def _named(facts: CertificateFacts, breaks: bool) -> Message:
    if breaks:
        return msg("{name} (this one is not trusted any more)", name=facts.title)
    return _foreign(facts.title)


def _foreign(text: str) -> Message:
    return msg("{text}", text=text)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
