"""Our own certificates judged: usable as client and as server, and what a person should plan for.

The rules are those of linting, by the list in force, as of an instant. Decisions:
- 2026-11: what makes a rule set's verdict fail makes an identity unusable; the end of its validity does so
  only once it is there (CLI-02 weighs as an error some days before).
- 2026-11: a rule that would make it unusable and could not be applied makes it unknown. Three kinds do not
  decide: a host name to compare with is not asked for here (SRV-03), and of revocation nothing is known as
  long as nobody is asked (REV-…), as everywhere in this program until a person switches it on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.identity import Identity, IdentityUse, IdentityView, PurposeVerdict, Usable
from trustdesk.core.inspection import CertificateDetails, KeyFacts, Usability
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import PathReport, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.identity_advice import advice_on
from trustdesk.services.linting import choose_rule_sets, context_of, lint_all
from trustdesk.services.published_keys import published_keys
from trustdesk.verify.lint import usable_as
from trustdesk.verify.path_view import ends_at_anchor
from trustdesk.verify.profiles.context import CertificateSubject, KeyEvidence, KeyUse, LintContext, Role
from trustdesk.verify.profiles.rule import UnreadablePartError
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence

_NO_USE = IdentityUse()

_SOON = frozenset({"CLI-02", "SRV-01", "CHN-04", "CLI-20", "SRV-11"})
"""Rules that warn of an end to come: its own, that of a CA above it, that of clientAuth on the public web."""

_NOT_ASKED_HERE = ("SRV-03", "REV-")
_WEIGHT = (Severity.BLOCKER, Severity.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityViewpoint:
    """By what, and for when, identities are judged.

    Attributes:
        trust_lists: those in force; without one nothing can be said to be usable.
        public_list: the public web's, which tells whose limits hold.
        revocation: what is at hand; nobody is asked.
        uses: who uses an identity, by its name.
        own: all identities of the workspace: no two should have the same key.
    """

    at: datetime
    trust_lists: tuple[TrustList, ...]
    public_list: TrustList
    revocation: RevocationEvidence = NO_EVIDENCE
    uses: Mapping[str, IdentityUse] = field(default_factory=dict)
    own: tuple[Identity, ...] = ()


def identity_view(identity: Identity, viewpoint: IdentityViewpoint) -> IdentityView:
    """Judge one identity; total: whatever is wrong with its certificate is a verdict."""
    details, *above = [read_details(facts.der) for facts in identity.certification_path]
    use = viewpoint.uses.get(identity.name, _NO_USE)
    client = _judged(identity, details, above, Role.CLIENT, viewpoint)
    server = _judged(identity, details, above, Role.SERVER, viewpoint)
    as_client = client.verdict(is_expected=bool(use.endpoints or use.presented_to))
    as_server = server.verdict(is_expected=False)
    leading = server if _is_for_servers_alone(as_client, as_server) else client
    not_after = details.facts.not_after
    is_complete = _is_complete(identity, leading.context.verification)
    return IdentityView(
        identity=identity,
        client=as_client,
        server=as_server,
        one_record_ids=_uris(details),
        days_left=None if not_after is None else (not_after - viewpoint.at).days,
        path_is_complete=is_complete,
        use=use,
        advice=advice_on(
            identity,
            leading.findings,
            at=viewpoint.at,
            publicly_trusted=leading.context.publicly_trusted,
            path_is_complete=is_complete,
        ),
        findings=leading.findings,
        publicly_trusted=leading.context.publicly_trusted,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """An identity's certificate with what the rules say of it in a role."""

    role: Role
    subject: CertificateSubject
    context: LintContext
    findings: tuple[Finding, ...]
    lists: tuple[TrustList, ...]

    def verdict(self, *, is_expected: bool) -> PurposeVerdict:
        """Say whether it can be used so.

        Args:
            is_expected: whether somebody uses it so, whatever it says of itself.
        """
        contents = self._contents()
        if not is_expected and (other := self._meant_for_others(contents)) is not None:
            return PurposeVerdict(usable=Usable.NOT_MEANT, why=other)
        failed = [one for one in self.findings if one.is_failure and one.rule != "CLI-02"]
        if failed:
            worst = min(failed, key=lambda one: _WEIGHT.index(one.severity))
            return PurposeVerdict(usable=Usable.NO, why=worst.evidence)
        if not contents.usable:
            return PurposeVerdict(usable=Usable.NO, why=self._cannot(contents.why))
        verification = self.context.verification
        if verification is not None and not verification.trusted:
            return PurposeVerdict(usable=Usable.NO, why=verification.own.reason)
        open_ones = [one for one in self.findings if _is_open(one)]
        if verification is None or open_ones:
            why = open_ones[0].evidence if open_ones else msg("No trust list is selected.")
            return PurposeVerdict(usable=Usable.UNKNOWN, why=why)
        yes = self._can(contents.why, verification.paths[0])
        ends = [one for one in self.findings if one.rule in _SOON and (one.is_warning or one.is_failure)]
        if ends:
            return PurposeVerdict(usable=Usable.WARNED, why=ends[0].evidence)
        return PurposeVerdict(usable=Usable.YES, why=yes)

    def _contents(self) -> Usability:
        both = usable_as(self.subject)
        return both.client if self.role is Role.CLIENT else both.server

    def _meant_for_others(self, contents: Usability) -> Message | None:
        """Say that it is for something else alone; None where it may be meant for this."""
        own, other = (
            ("clientAuth", "serverAuth") if self.role is Role.CLIENT else ("serverAuth", "clientAuth")
        )
        try:
            usages, names = self.subject.extended_key_usage, self.subject.alt_names
        except UnreadablePartError:
            return None
        if usages is None:
            has_host = any(name.startswith(("DNS:", "IP:")) for name in names)
            return self._cannot(contents.why) if self.role is Role.SERVER and not has_host else None
        return self._cannot(contents.why) if other in usages and own not in usages else None

    def _can(self, what: Message, path: PathReport) -> Message:
        if self.role is Role.CLIENT:
            return msg(
                "It can be used as a TLS client, {what}; its path ends on the list {list}.",
                what=what,
                list=self._title_of(path),
            )
        return msg(
            "It can be used as a TLS server, {what}; its path ends on the list {list}.",
            what=what,
            list=self._title_of(path),
        )

    def _title_of(self, path: PathReport) -> Message | str:
        lists = (one.title for one in self.lists if one.name == path.anchor_list)
        return next(lists, path.anchor_list or "?")

    def _cannot(self, why: Message) -> Message:
        if self.role is Role.CLIENT:
            return msg("Not as a TLS client: {why}", why=why)
        return msg("Not as a TLS server: {why}", why=why)


def _judged(
    identity: Identity,
    details: CertificateDetails,
    above: Sequence[CertificateDetails],
    role: Role,
    viewpoint: IdentityViewpoint,
) -> _Judged:
    context = context_of(
        details,
        role,
        viewpoint.at,
        viewpoint.trust_lists,
        chain=above,
        chain_is_sent=True,
        public_list=viewpoint.public_list,
        revocation=viewpoint.revocation,
    )
    context = replace(
        context,
        key=KeyEvidence(
            facts=KeyFacts(form="PKCS#8", encrypted=True, spki_sha256=identity.key.spki_sha256),
            in_keyring=True,
        ),
        other_keys=tuple(
            KeyUse(title=one.name, sha256=one.certificate.sha256, spki_sha256=one.key.spki_sha256)
            for one in viewpoint.own
            if one.certificate.sha256 != identity.certificate.sha256
        ),
        compromised_keys=published_keys(),
    )
    subject = CertificateSubject(details)
    findings = lint_all(subject, role, choose_rule_sets(()), context)
    return _Judged(
        role=role, subject=subject, context=context, findings=findings, lists=viewpoint.trust_lists
    )


def _is_open(finding: Finding) -> bool:
    """Whether a rule that could have made it unusable was not applied."""
    return (
        finding.status is FindingStatus.NOT_RUN
        and finding.severity in _WEIGHT
        and not finding.rule.startswith(_NOT_ASKED_HERE)
    )


def _is_for_servers_alone(client: PurposeVerdict, server: PurposeVerdict) -> bool:
    return client.usable is Usable.NOT_MEANT and server.usable is not Usable.NOT_MEANT


def _is_complete(identity: Identity, verification: Verification | None) -> bool | None:
    """Whether what is kept reaches a list: all of a path but its anchor has to be there."""
    if verification is None:
        return None
    kept = {facts.sha256 for facts in identity.certification_path}
    return any(
        ends_at_anchor(path) and kept.issuperset(path.certificates[:-1]) for path in verification.paths
    )


def _uris(details: CertificateDetails) -> tuple[str, ...]:
    names = (name.partition(":") for name in details.facts.subject_alt_names)
    return tuple(value for kind, _, value in names if kind == "URI")
