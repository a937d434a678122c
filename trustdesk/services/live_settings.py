"""Settings at work: the workspace's own, and how this computer connects."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from trustdesk.core.connections import Connections
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.network.outgoing import Outgoing
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import ProxyChoice
from trustdesk.services.expectations import expecting
from trustdesk.services.settings_desk import StoredPlace
from trustdesk.services.workspace_keys import VAULT_FILE
from trustdesk.storage.connection_settings import ConnectionSettings
from trustdesk.storage.places import revocation_cache_folder
from trustdesk.storage.settings import SettingsStore
from trustdesk.storage.workspace import Workspace


def outgoing_of(kept: ConnectionSettings, usual: ProxyChoice | None) -> Outgoing:
    """Return the way out that was chosen; a named proxy that cannot be used any more means offline.

    Args:
        usual: what holds while nobody has chosen; None for the environment's proxies.
    """
    chosen = kept.read()
    try:
        return Outgoing(usual, chosen)
    except UnusableInputError:
        return Outgoing(usual, Connections(is_offline=True))


class LiveSettings:
    """Implements `services.settings_desk.SettingsDesk`."""

    def __init__(
        self,
        workspace: Workspace,
        outgoing: Outgoing,
        network: NetworkThread,
        kept: ConnectionSettings,
        *,
        reader: ThreadPoolExecutor,
        stop_asking: Callable[[], None],
    ) -> None:
        """Take what others own and close.

        Args:
            reader: the thread for questions and files.
            stop_asking: ends what asks CAs, and forgets that some did not answer.
        """
        self._workspace = workspace
        self._store = SettingsStore(workspace)
        self._outgoing, self._network, self._kept = outgoing, network, kept
        self._reader = reader
        self._stop_asking = stop_asking
        self._listeners: list[Callable[[Connections], None]] = []
        network.set_offline(outgoing.chosen.is_offline)

    def settings(self) -> Future[WorkspaceSettings]:
        """What holds for everybody who works with the workspace."""
        return self._store.read()

    def change(self, changed: Callable[[WorkspaceSettings], WorkspaceSettings]) -> Future[WorkspaceSettings]:
        """Change these as they are at that moment."""

        def checked(now: WorkspaceSettings) -> WorkspaceSettings:
            new = changed(now)
            sound = expecting(now, new.own_endpoint, new.required_api_version)
            return replace(
                new, own_endpoint=sound.own_endpoint, required_api_version=sound.required_api_version
            )

        return self._store.change(checked)

    @property
    def connections(self) -> Connections:
        """By which proxy this computer connects, and whether at all."""
        return self._outgoing.chosen

    def connect_by(self, wanted: Connections) -> Future[Connections]:
        """Connect by this from now on, in this session and the next."""
        return self._reader.submit(self._connect_by, wanted)

    def when_connections_change(self, call: Callable[[Connections], None]) -> None:
        """Have this called, from any thread, with each choice that holds from then on."""
        self._listeners.append(call)

    def places(self) -> Future[tuple[StoredPlace, ...]]:
        """Where the program keeps what."""
        return self._reader.submit(self._places)

    def _connect_by(self, wanted: Connections) -> Connections:
        self._outgoing.check(wanted)
        self._kept.write(wanted)
        if wanted.is_offline:
            self._outgoing.choose(wanted)
            self._network.set_offline(True)
        else:
            self._network.set_offline(False)
            self._outgoing.choose(wanted)
        self._stop_asking()
        for call in self._listeners:
            call(wanted)
        return wanted

    def _places(self) -> tuple[StoredPlace, ...]:
        folder = self._workspace.folder
        found = [
            StoredPlace(
                what=msg(
                    "The workspace: partners, tests, certificates, trust lists and decisions. No private key."
                ),
                place=self._workspace.place,
            ),
            StoredPlace(
                what=msg("Private keys: the keyring of this system."),
                place="",
                keeps_keys=True,
            ),
        ]
        vault = folder / VAULT_FILE
        if vault.exists():
            found.append(
                StoredPlace(
                    what=msg("Private keys: a vault, encrypted with its passphrase."),
                    place=str(vault),
                    keeps_keys=True,
                )
            )
        if self._kept.file is not None:
            found.append(
                StoredPlace(
                    what=msg("How this computer connects: proxy and offline. No password."),
                    place=str(self._kept.file),
                )
            )
        found.append(
            StoredPlace(
                what=msg("Revocation lists that were downloaded; they can be deleted at any time."),
                place=str(revocation_cache_folder()),
            )
        )
        return tuple(found)
