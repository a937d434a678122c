"""The options for what is presented to a partner: a stored identity, or a certificate from files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from trustdesk.cli.options import file_path, stacked
from trustdesk.cli.secret_options import SecretOption, file_password_options, vault_password_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.services.clock import SystemClock
from trustdesk.services.identities import load_identity
from trustdesk.services.identities_in_use import credential_of
from trustdesk.services.workspace_keys import open_keys
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """What `client_options` were given.

    Attributes:
        identity: name of a stored identity; None for none.
        present_anyway: also to a server that is not trusted.
    """

    identity: str | None
    certificate_file: Path | None
    key_file: Path | None
    password: SecretOption
    vault_password: SecretOption
    present_anyway: bool


_options = stacked(
    click.option("--identity", metavar="NAME", help="Identity of the workspace, its key in the keyring."),
    click.option(
        "--client-cert", type=file_path, metavar="FILE", help="Client certificate (PEM, DER, PKCS#12)."
    ),
    click.option(
        "--client-key", type=file_path, metavar="FILE", help="Its private key, where it is a file of its own."
    ),
    click.option(
        "--present-anyway", is_flag=True, help="Present the certificate to an untrusted server too."
    ),
)


def client_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options to a command; it gets them together, as `client`."""

    @wraps(command)
    def bundled(
        *,
        identity: str | None,
        client_cert: Path | None,
        client_key: Path | None,
        password: SecretOption,
        vault_password: SecretOption,
        present_anyway: bool,
        **others: object,
    ) -> R:
        client = ClientOptions(
            identity=identity,
            certificate_file=client_cert,
            key_file=client_key,
            password=password,
            vault_password=vault_password,
            present_anyway=present_anyway,
        )
        return command(client=client, **others)

    return _options(file_password_options(vault_password_options(bundled)))


def chosen_client(client: ClientOptions, workspace: WorkspacePlace | None) -> ClientCredential | None:
    """Return the credential that the options name; None when they name none.

    Args:
        workspace: of a stored identity; None is the person's own.

    Raises:
        UnusableInputError: two were named, a key without a certificate, a file that cannot be used, or an
            identity that is not there.
        KeyStoreError: its key cannot be had.
    """
    if client.identity is not None:
        if client.certificate_file is not None or client.key_file is not None:
            raise UnusableInputError(
                msg("An identity was named and a file too."),
                remedy=msg("Give --identity NAME or --client-cert FILE, not both."),
            )
        with open_workspace(workspace) as opened:
            return stored_credentials(opened, [client.identity], client.vault_password)[client.identity]
    if client.certificate_file is None:
        if client.key_file is not None:
            raise UnusableInputError(
                msg("A private key was given without its certificate."),
                remedy=msg("Add --client-cert FILE."),
                place=str(client.key_file),
            )
        return None
    return load_identity(
        client.certificate_file, client.key_file, client.password.read, client.certificate_file.name
    )


def stored_credentials(
    workspace: Workspace, names: Collection[str], vault_password: SecretOption
) -> dict[str, ClientCredential]:
    """Load stored identities with their keys, each once, for one run; an interrupt gives up.

    Raises:
        UnusableInputError: there is none of a name.
        KeyStoreError: a key cannot be had.
    """
    index = IdentityIndex(workspace)
    identities = [index.named(name).result() for name in dict.fromkeys(names)]
    with closing(open_keys(workspace, SystemClock())) as keys:
        if any(one.key.reference.store is KeyStoreKind.VAULT for one in identities):
            make_ready(KeyStoreKind.VAULT, keys.vault, vault_password)
        found: dict[str, ClientCredential] = {}
        for identity in identities:
            job = keys.thread.run(partial(keys.stores.load, identity.key.reference))
            found[identity.name] = credential_of(identity, wait_for(job))
        return found
