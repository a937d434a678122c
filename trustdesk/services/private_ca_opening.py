"""Private CAs for a command: a workspace opened, its key stores, and their thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.private_ca import IssuedCertificate, PrivateAuthority
from trustdesk.services.clock import SystemClock
from trustdesk.services.crl_view import serial_number_of
from trustdesk.services.private_ca import PrivateCa
from trustdesk.services.workspace_keys import open_keys
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.vault import Vault

_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCas:
    """The private CAs of a workspace that a command has opened.

    Attributes:
        vault: shut; whoever needs a key in it opens it.
    """

    desk: PrivateCa
    vault: Vault
    _directory: Directory

    def of_name(self, name: str) -> PrivateAuthority:
        """Return a CA by its name.

        Raises:
            UnusableInputError: there is none of that name.
        """
        wanted, found = name.strip(), self.desk.authorities().result()
        # Those of one name but for its case are of before two such were refused.
        for authority in sorted(found, key=lambda one: one.name != wanted):
            if authority.name.casefold() == wanted.casefold():
                return authority
        raise UnusableInputError(
            msg("There is no private CA of this name."),
            remedy=msg("List them with: trustdesk ca list"),
            place=name,
        )

    def require_partner(self, name: str) -> None:
        """Make sure that the directory has a partner: a name that is misspelled must not go unchecked.

        Raises:
            UnusableInputError: it has not.
        """
        if not any(endpoint.partner == name for endpoint in self._directory.endpoints().result()):
            raise UnusableInputError(
                msg("There is no partner of this name in the directory."),
                remedy=msg("Write it as the directory has it, or leave it out: then nobody compares names."),
                place=name,
            )


@contextmanager
def open_private_cas(folder: WorkspacePlace | None) -> Iterator[OpenedCas]:
    """Open the private CAs of a workspace; None is the person's own.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    clock = SystemClock()
    with open_workspace(folder) as workspace:
        keys = open_keys(workspace, clock)
        # What runs on the key stores' thread may still read: the desk closes after them.
        with closing(PrivateCa(workspace, keys.stores, keys.thread, clock)) as desk, closing(keys):
            yield OpenedCas(desk=desk, vault=keys.vault, _directory=Directory(workspace))


def issued_by(authority: PrivateAuthority, text: str) -> IssuedCertificate:
    """Return what a CA issued by its serial number or SHA-256, in any spelling.

    Raises:
        UnusableInputError: it is neither, or of no certificate of the CA.
    """
    number = serial_number_of(text)
    if number is not None:
        wanted = {number, number.zfill(_SHA256_DIGITS)}
        for one in authority.issued:
            if wanted & {one.certificate.serial_number, one.certificate.sha256}:
                return one
    raise UnusableInputError(
        msg("The CA issued no certificate of this serial number or SHA-256."),
        remedy=msg("List what it issued with: trustdesk ca list --json"),
        place=text,
    )
