"""A token judged by JWT-01 to JWT-12, and put into words without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus, Verdict, verdict_of
from trustdesk.core.identity_provider import TokenReading
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.token import ReadToken, shown
from trustdesk.formats.web_key import WebKey
from trustdesk.verify.profiles.policy import DEFAULT_POLICY
from trustdesk.verify.tokens.case import (
    ListedProvider,
    ServerSeen,
    SignatureOutcome,
    SignatureState,
    TokenCase,
)
from trustdesk.verify.tokens.form_rules import BINDING_RULES, FORM_RULES, instant_of
from trustdesk.verify.tokens.key_rules import KEY_RULES, WHO_RULES
from trustdesk.verify.tokens.signature import check_signature

RULES = (*FORM_RULES, *WHO_RULES, *BINDING_RULES, *KEY_RULES)
"""In the order of the check catalogue."""

_DECIDING = frozenset({"JWT-06", "JWT-07", "JWT-09"})
"""What was not looked at here leaves open whose the token is: no pass without."""


def provider_of(token: ReadToken, providers: Sequence[ListedProvider]) -> ListedProvider | None:
    """Return the provider that a token's `iss` names, to the letter; None when none is.

    Of several lists that name it, one whose publisher is proved counts first, then their names decide.
    """
    issuer = None if token.claims is None else token.claims.get("iss")
    found = [one for one in providers if one.provider.issuer == issuer]
    found.sort(key=lambda one: (_RANK.get(one.authenticity, len(_RANK)), one.list_name))
    return found[0] if found else None


def judge_token(
    token: ReadToken,
    *,
    at: datetime,
    providers: Sequence[ListedProvider] | None,
    keys: Sequence[WebKey],
    keys_missing: Message | None = None,
    client: CertificateFacts | None = None,
    signing_entries: Sequence[ListEntry] | None = None,
    servers: Sequence[ServerSeen] = (),
) -> TokenReading:
    """Apply all rules; pure, and total for whatever stands in the token.

    Args:
        providers: on the lists; None where there is no list at all.
        keys: of the provider that `provider_of` names.
        keys_missing: why there are none, in a sentence; None where nobody looked.
        client: certificate that `cnf` has to name; None where nobody chose one.
        signing_entries: of trust lists, for signers of identity providers; None where there is no such list.
        servers: of the provider that were looked at for its keys; empty where nobody was asked.
    """
    provider = provider_of(token, providers or ())
    case = TokenCase(
        token=token,
        at=at,
        signature=_signature(token, provider, keys, keys_missing),
        providers=None if providers is None else tuple(providers),
        provider=provider,
        client=client,
        signing_entries=None if signing_entries is None else tuple(signing_entries),
        servers=tuple(servers),
    )
    findings = tuple(one.finding(one.check(case), {}, DEFAULT_POLICY) for one in RULES)
    return TokenReading(
        header=shown(token.header),
        claims=shown(token.claims),
        findings=findings,
        verdict=_verdict(findings),
        issued_at=_instant(token, "iat"),
        expires_at=_instant(token, "exp"),
        provider=None if provider is None else provider.provider.issuer,
        signature_valid=_VALIDITY[case.signature.state],
        summary=_summary(case.signature, findings),
    )


def _signature(
    token: ReadToken,
    provider: ListedProvider | None,
    keys: Sequence[WebKey],
    keys_missing: Message | None,
) -> SignatureOutcome:
    def not_checked(reason: Message, remedy: Message | None = None) -> SignatureOutcome:
        return SignatureOutcome(state=SignatureState.NOT_CHECKED, reason=reason, remedy=remedy)

    if token.problem is not None:
        return not_checked(msg("It was not checked: the token cannot be read."))
    if provider is None:
        return not_checked(
            msg("It was not checked: the issuer is on no list, so that nobody says whose keys count.")
        )
    if not keys and keys_missing is not None:
        return not_checked(msg("It was not checked: {reason}", reason=keys_missing))
    return check_signature(token, keys)


def _verdict(findings: Sequence[Finding]) -> Verdict:
    verdict = verdict_of(findings)
    if verdict is Verdict.PASS and _left_open(findings):
        return Verdict.WARN
    return verdict


def _left_open(findings: Sequence[Finding]) -> list[str]:
    return [one.rule for one in findings if one.rule in _DECIDING and one.status is FindingStatus.NOT_RUN]


def _summary(signature: SignatureOutcome, findings: Sequence[Finding]) -> Message:
    failed = [one.rule for one in findings if one.is_failure]
    open_rules = _left_open(findings)
    words = _WORDS[signature.state]
    if failed:
        return msg("{signature} Rules that fail: {rules}.", signature=words, rules=listed(failed))
    if open_rules:
        return msg(
            "{signature} Not looked at, and needed: {rules}.", signature=words, rules=listed(open_rules)
        )
    return words


def _instant(token: ReadToken, name: str) -> datetime | None:
    value = None if token.claims is None else token.claims.get(name)
    instant = None if value is None else instant_of(value)
    return instant if isinstance(instant, datetime) else None


_RANK = {state: rank for rank, state in enumerate((AuthenticityState.VERIFIED, AuthenticityState.UNSIGNED))}
_VALIDITY = {SignatureState.VALID: True, SignatureState.INVALID: False, SignatureState.NOT_CHECKED: None}
_WORDS = {
    SignatureState.VALID: msg("The signature holds."),
    SignatureState.INVALID: msg("The signature does not hold."),
    SignatureState.NOT_CHECKED: msg("The signature was not checked: nobody knows who wrote this token."),
}
