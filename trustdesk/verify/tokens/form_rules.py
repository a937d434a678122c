"""The rules on what a token says of itself: JWT-01 to JWT-05, JWT-08 and JWT-09."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, listed, msg
from trustdesk.formats.strict_json import JsonValue, number_of, texts_of
from trustdesk.verify.one_record_id import IdFault, read_one_record_id
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated, rule
from trustdesk.verify.tokens.case import TokenCase
from trustdesk.verify.tokens.signature import ASYMMETRIC, SYMMETRIC
from trustdesk.verify.tokens.thumbprints import thumbprint_fault

SKEW = timedelta(minutes=2)
"""Between two clocks (RFC 7519 4.1.4: "no more than a few minutes")."""

USUAL_LIFETIME = timedelta(hours=1)
"""Of a bearer token (RFC 6750 5.3: "one hour or less")."""

LONGEST_LIFETIME = timedelta(hours=24)
"""Our own: what is stolen and good for longer than a day is no token but a password."""

_TYPES = frozenset({"jwt", "at+jwt", "application/jwt", "application/at+jwt"})
_ASK_PROVIDER = msg("Ask the identity provider to issue tokens as ONE Record asks for.")
_ANOTHER_TOKEN = msg("Get another token.")
UNREADABLE = msg("The token cannot be read.")
_MILLISECONDS_FROM = 10**11


@rule(
    "JWT-01",
    msg("The token has three parts, and its header says algorithm and type."),
    "ONE Record API 2.3 authn-application-layer; RFC 7515 7.1, 4.1.11; RFC 8725 3.11",
    always=Severity.ERROR,
)
def form(case: TokenCase) -> Outcome:
    """JWT-01: form, `alg`, `typ`, and no extension that a receiver would have to know (`crit`)."""
    token = case.token
    if token.problem is not None:
        return Violated(token.problem, _ANOTHER_TOKEN)
    header = token.header or {}
    missing = [name for name in ("alg", "typ") if not isinstance(header.get(name), str)]
    if missing:
        return Violated(msg("Its header lacks {names}.", names=listed(missing)), _ASK_PROVIDER)
    if "crit" in header or header.get("b64") is False:
        return Violated(
            msg("Its header asks for an extension (crit) that receivers have to know; ONE Record has none."),
            _ASK_PROVIDER,
        )
    kind = case.header_text("typ") or ""
    if kind.lower() not in _TYPES:
        return Violated(
            msg("Its type is {type}: it may be meant for something else than a request.", type=kind),
            msg("Ask the identity provider for an access token (JWT or at+jwt)."),
            Severity.WARNING,
        )
    return Held(
        msg(
            "Header, claims and signature; algorithm {algorithm}, type {type}.",
            algorithm=case.header_text("alg") or "",
            type=kind,
        )
    )


@rule(
    "JWT-02",
    msg("The algorithm is one of public keys (RS256, PS256, ES256, EdDSA …)."),
    "ONE Record API 2.3 authn-application-layer; RFC 8725 3.1, 3.2",
    always=Severity.ERROR,
)
def algorithm(case: TokenCase) -> Outcome:
    """JWT-02: none and HS* are refused; a provider's list may say less than all others."""
    name = case.header_text("alg")
    if name is None:
        return NotRun(UNREADABLE if case.token.header is None else msg("The header names no algorithm."))
    if name.lower() == "none":
        return Violated(
            msg("The algorithm is none: nobody signed the token, and anybody can have written it."),
            msg("Do not accept it."),
        )
    if name in SYMMETRIC or name.upper() in SYMMETRIC:
        return Violated(
            msg(
                "{algorithm} signs with a shared secret: whoever can check it can write it, and no published "
                "key set can hold it, although examples of ONE Record show it.",
                algorithm=name,
            ),
            msg("Ask the identity provider to sign with RS256, PS256, ES256 or EdDSA."),
        )
    if name not in ASYMMETRIC:
        return Violated(
            msg("The algorithm {algorithm} is none that is accepted.", algorithm=name),
            msg("Ask the identity provider to sign with RS256, PS256, ES256 or EdDSA."),
        )
    allowed = () if case.provider is None else case.provider.provider.algorithms
    if allowed and name not in allowed:
        return Violated(
            msg(
                "The algorithm is {algorithm}; for this provider its list allows {allowed}.",
                algorithm=name,
                allowed=listed(allowed),
            ),
            msg("Ask the provider, and whoever publishes the list, which is right."),
        )
    return Held(msg("The algorithm is {algorithm}.", algorithm=name))


@rule(
    "JWT-03",
    msg("The claims name issuer, end and organisation (iss, exp, logistics_agent_uri)."),
    "ONE Record API 2.3 authn-application-layer",
    always=Severity.ERROR,
)
def required_claims(case: TokenCase) -> Outcome:
    """JWT-03; what stands in `sub` instead is said, for the standard's own example has it so."""
    claims = case.token.claims
    if claims is None:
        return NotRun(UNREADABLE)
    missing = [name for name in ("iss", "exp", "logistics_agent_uri") if claims.get(name) in (None, "")]
    untold = [name for name in ("iss", "logistics_agent_uri") if name not in missing and not case.text(name)]
    if untold:
        return Violated(
            msg("No text, although it has to be one: {names}.", names=listed(untold)), _ASK_PROVIDER
        )
    if not missing:
        return Held(msg("All three are there."))
    subject = case.text("sub") or ""
    if missing == ["logistics_agent_uri"] and "://" in subject:
        return Violated(
            msg(
                "logistics_agent_uri is missing; sub holds {subject}, as the standard's example has it, and "
                "servers do not look there.",
                subject=subject,
            ),
            msg("Ask the identity provider to add the claim logistics_agent_uri."),
        )
    return Violated(msg("Missing: {names}.", names=listed(missing)), _ASK_PROVIDER)


@rule(
    "JWT-04",
    msg("The token is in its time: exp is a number, still to come, and not far away."),
    "RFC 7519 4.1.4 to 4.1.6; RFC 6750 5.3",
    always=Severity.ERROR,
)
def in_time(case: TokenCase) -> Outcome:
    """JWT-04: exp, nbf and iat are numbers; two minutes are allowed for clocks; an hour is usual."""
    claims = case.token.claims
    if claims is None:
        return NotRun(UNREADABLE)
    if "exp" not in claims:
        return Violated(msg("It has no end (exp): whoever finds it can use it for ever."), _ASK_PROVIDER)
    times: dict[str, datetime] = {}
    for name in ("exp", "nbf", "iat"):
        if name not in claims:
            continue
        instant = instant_of(claims[name])
        if isinstance(instant, Message):
            return Violated(msg("{claim}: {reason}", claim=name, reason=instant), _ASK_PROVIDER)
        times[name] = instant
    return _within(times["exp"], times.get("nbf"), times.get("iat"), case.at)


def _within(end: datetime, start: datetime | None, issued: datetime | None, at: datetime) -> Outcome:
    if end + SKEW <= at:
        return Violated(msg("It ended on {end}.", end=end), _ANOTHER_TOKEN)
    for early in (one for one in (start, issued) if one is not None):
        if early - SKEW > at:
            return Violated(
                msg("It counts from {start} on, which is still to come.", start=early),
                msg("Compare this machine's clock with the provider's."),
            )
    if issued is not None and end <= issued:
        return Violated(msg("It ends on {end}, before it was issued.", end=end), _ASK_PROVIDER)
    lifetime = end - (issued or at)
    words = _lifetime(lifetime, since_issue=issued is not None)
    if lifetime > LONGEST_LIFETIME:
        return Violated(
            msg(
                "{lifetime} A stolen one could be used for as long; an hour or less is usual.", lifetime=words
            ),
            _ASK_PROVIDER,
        )
    if lifetime > USUAL_LIFETIME + SKEW:
        return Violated(
            msg("{lifetime} An hour or less is usual.", lifetime=words), _ASK_PROVIDER, Severity.WARNING
        )
    if end <= at:
        return Held(
            msg(
                "It ended on {end}, within the {minutes} minutes that clocks may differ.",
                end=end,
                minutes=SKEW.seconds // 60,
            )
        )
    return Held(msg("It ends on {end}. {lifetime}", end=end, lifetime=words))


def _lifetime(length: timedelta, *, since_issue: bool) -> Message:
    minutes = -(-length // timedelta(minutes=1))
    if since_issue:
        return msg("It is good for {minutes} minutes from its issue on.", minutes=minutes)
    return msg(
        "It is good for {minutes} minutes from now on; it does not say when it was issued.", minutes=minutes
    )


def instant_of(value: JsonValue) -> datetime | Message:
    """Return the instant of a NumericDate (RFC 7519 2), or what it is instead, as a sentence."""
    number = number_of(value)
    if number is None:
        if isinstance(value, str):
            return msg(
                "It is the text {value}, and has to be a number: seconds since 1970 (UTC).", value=value
            )
        return msg("It is no number, and has to be one: seconds since 1970 (UTC).")
    if not math.isfinite(number):
        return msg("The number is larger than any date.")
    try:
        return datetime.fromtimestamp(number, UTC)
    except (ValueError, OverflowError, OSError):
        if number >= _MILLISECONDS_FROM:
            return msg(
                "The number is far beyond any date: it may be in milliseconds, and has to be in seconds."
            )
        return msg("The number is no date.")


@rule(
    "JWT-05",
    msg("logistics_agent_uri is the https URI of an organisation."),
    "ONE Record API 2.3 concepts",
    always=Severity.WARNING,
)
def agent_uri(case: TokenCase) -> Outcome:
    """JWT-05: `https://host[:port]/[base]/logistics-objects/{id}`, without query and fragment."""
    uri = case.text("logistics_agent_uri")
    if not uri:
        return NotRun(UNREADABLE if case.token.claims is None else msg("There is no logistics_agent_uri."))
    read = read_one_record_id(uri)
    remedy = msg("Ask the identity provider to name the organisation's URI on its ONE Record server.")
    if IdFault.NO_URI in read.faults or not read.host:
        return Violated(msg("{uri} is no URI with a host.", uri=uri), remedy)
    if not uri.lower().startswith("https://"):
        return Violated(msg("{uri} is not https.", uri=uri), remedy)
    if {IdFault.USER, IdFault.QUERY, IdFault.FRAGMENT} & set(read.faults) or re.search(r"\s", uri):
        return Violated(msg("{uri} has a user, a query, a fragment or white space.", uri=uri), remedy)
    if re.search(r"/logistics-objects/[^/]+\Z", uri) is None:
        if read.is_valid:
            return Violated(
                msg(
                    "{uri} is written as a 1R-ID of 2020; since API 2.0 an organisation is named by its "
                    "logistics object, and nothing maps one to the other.",
                    uri=uri,
                ),
                remedy,
            )
        return Violated(msg("{uri} does not end in /logistics-objects/ and an id.", uri=uri), remedy)
    return Held(msg("{uri} is one.", uri=uri))


@rule(
    "JWT-08",
    msg("The token says for whom it is (aud)."),
    "ONE Record API 2.3 authn-application-layer; RFC 9700 2.3, 4.9.1",
    always=Severity.WARNING,
)
def audience(case: TokenCase) -> Outcome:
    """JWT-08: without it, whoever receives the token can use it with others."""
    claims = case.token.claims
    if claims is None:
        return NotRun(UNREADABLE)
    value = claims.get("aud")
    names = (value,) if isinstance(value, str) and value else texts_of(value)
    if not names:
        return Violated(
            msg("It is for nobody in particular: a server that receives it can use it with others.")
            if value in (None, "", [])
            else msg("aud is neither a text nor an array of texts."),
            msg("Ask the identity provider to name the server as audience."),
        )
    return Held(msg("It is for {names}.", names=listed(names)))


@rule(
    "JWT-09",
    msg("A token that is bound to a certificate is bound to ours (cnf x5t#S256)."),
    "RFC 8705 3.1",
    always=Severity.ERROR,
)
def bound_to_certificate(case: TokenCase) -> Outcome:
    """JWT-09: the thumbprint is that of the client certificate, in base64url."""
    claims = case.token.claims
    if claims is None:
        return NotRun(UNREADABLE)
    if "cnf" not in claims:
        return NotApplicable(msg("It is bound to no certificate: whoever has it can use it."))
    confirmation = claims["cnf"]
    value = confirmation.get("x5t#S256") if isinstance(confirmation, Mapping) else None
    remedy = msg("Get a token with the certificate that will be presented with it, or present the other one.")
    if not isinstance(confirmation, Mapping):
        return Violated(msg("cnf is no JSON object."), _ASK_PROVIDER)
    if value is None:
        return NotRun(
            msg(
                "It is bound to a key by {names}, which is not looked at here.",
                names=listed(list(confirmation)),
            )
        )
    if not isinstance(value, str):
        return Violated(msg("cnf x5t#S256 is no text."), _ASK_PROVIDER)
    if case.client is None:
        return NotRun(msg("It is bound to a client certificate, and none was chosen to compare with."))
    fault = thumbprint_fault(value, case.client)
    if fault is not None:
        return Violated(fault, remedy)
    return Held(msg("It is bound to {certificate}.", certificate=case.client.title))


FORM_RULES = (form, algorithm, required_claims, in_time, agent_uri)
BINDING_RULES = (audience, bound_to_certificate)
