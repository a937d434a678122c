"""What a person wants to have certified, as typed and chosen so far, and the drafts that come of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum

from trustdesk.core.certificate_request import RequestDraft, RequestPurpose
from trustdesk.core.file_name import plain_stem
from trustdesk.core.key_store import KeyKind, KeyStoreKind


class Wanted(StrEnum):
    """What the wizard is asked for; BOTH is two requests."""

    CLIENT = "client"
    SERVER = "server"
    BOTH = "both"
    FREE = "free"


PURPOSES: dict[Wanted, tuple[RequestPurpose, ...]] = {
    Wanted.CLIENT: (RequestPurpose.CLIENT,),
    Wanted.SERVER: (RequestPurpose.SERVER,),
    Wanted.BOTH: (RequestPurpose.CLIENT, RequestPurpose.SERVER),
    Wanted.FREE: (RequestPurpose.FREE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The fields of the wizard.

    Attributes:
        names: of the requests by purpose, where a person gave one; the others are suggested.
        is_on_server: whether the keys are made on the server, and not here.
        partner: whom they are for; None for nobody in particular.
        renews: name of the identity that the first of the requests follows; None for none.
    """

    wanted: Wanted = Wanted.CLIENT
    one_record_ids: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    client_auth: bool = False
    subject: str = ""
    subject_alt_names: tuple[str, ...] = ()
    key_usage: tuple[str, ...] = ("digitalSignature",)
    extended_key_usage: tuple[str, ...] = ()
    key: KeyKind = KeyKind.P256
    store: KeyStoreKind = KeyStoreKind.KEYRING
    names: dict[RequestPurpose, str] = field(default_factory=dict)
    is_on_server: bool = False
    partner: str | None = None
    renews: str | None = None

    @property
    def purposes(self) -> tuple[RequestPurpose, ...]:
        """One for each request."""
        return PURPOSES[self.wanted]

    @property
    def has_names(self) -> bool:
        """Whether anything was named yet that a certificate could be for."""
        if self.wanted is Wanted.FREE:
            return bool(self.subject.strip() or self.subject_alt_names)
        return bool(self.one_record_ids or (self.wanted is not Wanted.CLIENT and self.dns_names))

    def named(self, purpose: RequestPurpose, name: str) -> Wish:
        """Return it with a name for one of the requests."""
        return replace(self, names={**self.names, purpose: name})


def drafts_of(wish: Wish, *, year: int, taken: Collection[str] = ()) -> tuple[RequestDraft, ...]:
    """Return a draft for each request, in the order in which they are shown.

    Args:
        year: of the day it is, for the suggested names.
        taken: names that are in use.
    """
    return tuple(_draft(wish, purpose, year, taken) for purpose in wish.purposes)


def _draft(wish: Wish, purpose: RequestPurpose, year: int, taken: Collection[str]) -> RequestDraft:
    is_free = purpose is RequestPurpose.FREE
    given = wish.names.get(purpose)
    return RequestDraft(
        name=_suggested(wish, purpose, year, taken) if given is None else given,
        purpose=purpose,
        key=wish.key,
        one_record_ids=() if is_free else wish.one_record_ids,
        dns_names=wish.dns_names if purpose is RequestPurpose.SERVER else (),
        subject=wish.subject if is_free else "",
        subject_alt_names=wish.subject_alt_names if is_free else (),
        client_auth=wish.client_auth and purpose is RequestPurpose.SERVER,
        key_usage=wish.key_usage,
        extended_key_usage=wish.extended_key_usage if is_free else (),
        partner=wish.partner,
        renews=wish.renews if purpose is wish.purposes[0] else None,
    )


def _suggested(wish: Wish, purpose: RequestPurpose, year: int, taken: Collection[str]) -> str:
    first = next(iter((*wish.one_record_ids, *wish.dns_names, *wish.subject_alt_names, wish.subject)), "")
    said = first.rstrip("/").rpartition("/")[2].rpartition("=")[2].rpartition(":")[2].strip()
    base = plain_stem(said, "new")
    kind = "" if purpose is RequestPurpose.FREE else f"-{purpose.value}"
    name = f"{base}{kind}-{year}"
    number = 2
    while name in taken:
        name = f"{base}{kind}-{year}-{number}"
        number += 1
    return name
