"""What stands against keeping a list of identity providers, whose signature counts, and keys on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity_provider import ProviderCheck, ProviderList
from trustdesk.core.message import Message, msg
from trustdesk.core.trust_version import AuthenticityState, SignerPin
from trustdesk.formats.list_source import NamedSigner
from trustdesk.verify.tokens.case import ListedProvider

_COMPARE = msg("Compare the signer's fingerprint with its publisher by another way, and name it.")
_AGAIN = msg("Get the list again from whoever publishes it.")


def signers_of(
    signer: str | None, pin: SignerPin | None, known: ProviderList | None
) -> tuple[NamedSigner, ...]:
    """Return whose signature counts: whom the person names, else whom they pinned under a seal that holds.

    Args:
        known: the list of the name that is kept; it brings the key of a signature without certificate.
    """
    pinned = pin.signer if pin is not None and pin.sealed is True else None
    wanted = signer.lower() if signer is not None else pinned
    if wanted is None:
        return ()
    certificate = None if known is None else known.authenticity.signer_certificate
    key = certificate.der if certificate is not None and certificate.sha256 == wanted else None
    return (NamedSigner(sha256=wanted, is_pinned=wanted == pinned, key=key),)


def require_signed_by(providers: ProviderList, signer: str | None) -> ProviderList:
    """Return a list that the signer signed whom a person named; any list where they named none.

    Raises:
        UnusableInputError: somebody else signed it, or nobody did.
    """
    if signer is None or providers.authenticity.state is AuthenticityState.VERIFIED:
        return providers
    raise UnusableInputError(
        providers.authenticity.why
        or msg("The list is not signed by the signer that was named, {signer}.", signer=signer),
        remedy=_AGAIN,
        place=providers.source.place,
    )


def obstacle_of(
    providers: ProviderList,
    pin: SignerPin | None,
    known: ProviderList | None,
    now: datetime,
    *,
    accept_expired: bool = False,
) -> UnusableInputError | None:
    """Say what stands against keeping a list; None where nothing does.

    Args:
        pin: whose signature counts for the list of that name.
        known: the list of that name that is kept.
        accept_expired: the person wants it although its next version was due.
    """
    found = _of_signature(providers, pin) or _of_identity(providers, pin, known)
    old, new = None if known is None else known.sequence, providers.sequence
    if found is None and old is not None and (new is None or new < old):
        found = (
            msg(
                "It is older than the list that is kept: its sequence is {new}, and was {old}.",
                new="-" if new is None else str(new),
                old=str(old),
            ),
            msg("Take the newest version from its publisher."),
        )
    if found is None and not providers.providers:
        found = msg("There is no provider on the list."), _AGAIN
    due = providers.next_update
    if found is None and due is not None and due <= now and not accept_expired:
        found = (
            msg("The list has expired: its next version was due on {date}.", date=due),
            msg("Take the newest version from its publisher, or say that you want this one."),
        )
    if found is None:
        return None
    problem, remedy = found
    return UnusableInputError(problem, remedy=remedy, place=providers.source.place)


def with_keys(lists: Sequence[ProviderList], check: ProviderCheck) -> ProviderList:
    """Return the list that names a provider, with the keys that a check found in place of those it carries.

    Raises:
        UnusableInputError: there are no keys, or no list names the provider.
    """
    if not check.keys:
        raise UnusableInputError(
            msg("The check found no keys that could be kept."),
            remedy=msg("Check it again."),
            place=check.issuer,
        )
    listed = provider_named(check.issuer, listed_providers(lists))
    if listed is None:
        raise UnusableInputError(
            msg("It is on no list of identity providers that its keys could be kept with."),
            remedy=msg("Import a list that names it."),
            place=check.issuer,
        )
    found = next(one for one in lists if one.name == listed.list_name)
    return replace(
        found,
        providers=tuple(
            replace(one, keys=check.keys) if one.issuer == check.issuer else one for one in found.providers
        ),
    )


def listed_providers(lists: Sequence[ProviderList]) -> tuple[ListedProvider, ...]:
    """Return all providers with the lists that name them."""
    return tuple(
        ListedProvider(
            provider=provider,
            list_name=one.name,
            authenticity=one.authenticity.state,
            next_update=one.next_update,
        )
        for one in lists
        for provider in one.providers
    )


def provider_named(issuer: str, listed: Sequence[ListedProvider]) -> ListedProvider | None:
    """Return the provider of an issuer, to the letter; one on a list whose publisher is proved first."""
    found = [one for one in listed if one.provider.issuer == issuer]
    found.sort(key=lambda one: (one.authenticity is not AuthenticityState.VERIFIED, one.list_name))
    return found[0] if found else None


def _of_signature(providers: ProviderList, pin: SignerPin | None) -> tuple[Message, Message] | None:
    found = providers.authenticity
    if found.state is AuthenticityState.FAILED:
        return found.why or msg("The signature does not hold: the list was changed on its way."), _AGAIN
    if pin is None or found.state is AuthenticityState.VERIFIED:
        return None
    if pin.sealed is False:
        return (
            msg("The signer that was pinned for this list cannot be relied on: its seal does not hold."),
            _COMPARE,
        )
    if pin.sealed is None:
        return (
            msg("Whose signature counts for this list cannot be known while the key store is locked."),
            msg("Unlock the key store, or name the signer that you compared."),
        )
    if found.state is AuthenticityState.UNKNOWN_SIGNER:
        return (
            msg(
                "It is signed by {signer}, and the signer pinned for this list is {pinned}.",
                signer=found.signer or "?",
                pinned=pin.signer,
            ),
            _COMPARE,
        )
    return (
        msg(
            "The signature of the signer pinned for this list, {pinned}, is not there or not checked.",
            pinned=pin.signer,
        ),
        msg("Take the signed list from its publisher."),
    )


def _of_identity(
    providers: ProviderList, pin: SignerPin | None, known: ProviderList | None
) -> tuple[Message, Message] | None:
    """A list that has said who it is goes on saying so."""
    name = (pin.list_id if pin is not None else "") or (known.list_id if known is not None else "")
    if not name or providers.list_id == name:
        return None
    return (
        msg(
            "It is another list: it calls itself {name}, and this one is {known}.",
            name=providers.list_id or msg("nothing"),
            known=name,
        ),
        msg("Import it under a name of its own."),
    )
