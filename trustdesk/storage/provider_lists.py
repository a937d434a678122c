"""Lists of identity providers, one of a name, with the signer that was pinned for each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import SignerPin
from trustdesk.formats.canonical_json import well_formed
from trustdesk.formats.trust_records import provider_list_of, provider_list_text
from trustdesk.storage.schema import provider_lists
from trustdesk.storage.sealing import NO_SEALER, Sealed, Sealer
from trustdesk.storage.trust_decisions import document_digest
from trustdesk.storage.trust_log import LogNote, append_line
from trustdesk.storage.trust_rows import pin_from, sealed_pin
from trustdesk.storage.workspace import Workspace


class ProviderLists:
    """The lists of identity providers of one workspace; answers are futures of the workspace's thread."""

    def __init__(self, workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> None:
        """Take the workspace; `sealer` as for `storage.trust_lists.TrustLists`."""
        self._workspace = workspace
        self._sealer = sealer

    def all(self) -> Future[tuple[ProviderList, ...]]:
        """All lists, by name."""
        return self._workspace.submit(_all)

    def pin(self, name: str) -> Future[SignerPin | None]:
        """Whose signature counts for a list; None where none was pinned."""
        return self._workspace.submit(lambda connection: _pin(connection, name, self._sealer()))

    def keep(
        self, providers: ProviderList, note: LogNote, *, pin: SignerPin | None = None
    ) -> Future[ProviderList]:
        """Keep a list in place of the one of its name; `imported_at` becomes the note's instant.

        The future fails with UnusableInputError where the name is blank or the list that is there has a
        higher sequence.

        Args:
            pin: the signer to pin; None leaves the pin as it is.
        """
        return self._workspace.submit(
            lambda connection: _keep(connection, providers, pin, note, self._sealer()), durable=True
        )

    def remove(self, name: str, note: LogNote) -> Future[None]:
        """Take a list away. The future fails with UnusableInputError where there is none."""
        return self._workspace.submit(
            lambda connection: _remove(connection, name, note, self._sealer()), durable=True
        )


def _all(connection: Connection) -> tuple[ProviderList, ...]:
    rows = connection.execute(select(provider_lists.c.document))
    found = [provider_list_of(row.document) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.name)))


def _pin(connection: Connection, name: str, sealer: Sealer) -> SignerPin | None:
    name = well_formed(name)
    text = connection.execute(
        select(provider_lists.c.pin).where(provider_lists.c.name == name)
    ).scalar_one_or_none()
    return pin_from(text, name, Sealed.PROVIDER_PIN, sealer)


def _keep(
    connection: Connection, providers: ProviderList, pin: SignerPin | None, note: LogNote, sealer: Sealer
) -> ProviderList:
    name = well_formed(providers.name)
    if not name.strip():
        problem = msg("The list has no name.")
        raise UnusableInputError(problem, remedy=msg("Write what you want to call it."))
    providers = replace(providers, name=name, imported_at=note.at)
    row = connection.execute(select(provider_lists).where(provider_lists.c.name == name)).first()
    kept_pin = None if row is None else row.pin
    if row is not None:
        before = provider_list_of(row.document).sequence
        after = providers.sequence
        if before is not None and after is not None and after < before:
            raise UnusableInputError(
                msg(
                    "The list is older than the one that is kept: its sequence is {sequence}, not {before}.",
                    sequence=str(after),
                    before=str(before),
                ),
                remedy=msg("Ask its publisher for the newest version."),
                place=name,
            )
    text = provider_list_text(providers)
    if pin is not None and pin != pin_from(kept_pin, name, Sealed.PROVIDER_PIN, sealer):
        kept_pin, digest = sealed_pin(pin, name, Sealed.PROVIDER_PIN, sealer)
        append_line(
            connection,
            note,
            sealer,
            action=LogAction.SIGNER_PINNED,
            subject=name,
            fingerprint=pin.signer,
            details=[("document", digest), ("list", "providers")],
        )
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.APPLIED,
        subject=name,
        fingerprint=providers.source.sha256,
        details=[("document", document_digest(text)), ("list", "providers")],
    )
    connection.execute(delete(provider_lists).where(provider_lists.c.name == name))
    connection.execute(
        insert(provider_lists).values(name=name, imported_at=note.at, document=text, pin=kept_pin)
    )
    return providers


def _remove(connection: Connection, name: str, note: LogNote, sealer: Sealer) -> None:
    name = well_formed(name)
    removed = connection.execute(delete(provider_lists).where(provider_lists.c.name == name))
    if not removed.rowcount:
        problem = msg("There is no list of identity providers of this name.")
        raise UnusableInputError(problem, remedy=msg("Look at the lists."), place=name)
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.REMOVED,
        subject=name,
        details=[("list", "providers")],
    )
