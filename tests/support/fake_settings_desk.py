"""Settings that nobody keeps, as the window asks for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from trustdesk.core.connections import Connections
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.network.outgoing import Outgoing
from trustdesk.services.settings_desk import StoredPlace


class FakeSettingsDesk:
    """Holds what was chosen; a choice that cannot be used is refused as the real one does."""

    def __init__(self) -> None:
        self.settings_held = WorkspaceSettings()
        self.refusal: TrustdeskError | None = None
        self._outgoing = Outgoing()
        self._listeners: list[Callable[[Connections], None]] = []

    def settings(self) -> Future[WorkspaceSettings]:
        answer: Future[WorkspaceSettings] = Future()
        answer.set_result(self.settings_held)
        return answer

    def change(self, changed: Callable[[WorkspaceSettings], WorkspaceSettings]) -> Future[WorkspaceSettings]:
        answer: Future[WorkspaceSettings] = Future()
        if self.refusal is not None:
            answer.set_exception(self.refusal)
            return answer
        self.settings_held = changed(self.settings_held)
        answer.set_result(self.settings_held)
        return answer

    @property
    def connections(self) -> Connections:
        return self._outgoing.chosen

    def connect_by(self, wanted: Connections) -> Future[Connections]:
        answer: Future[Connections] = Future()
        try:
            self._outgoing.choose(wanted)
        except TrustdeskError as error:
            answer.set_exception(error)
            return answer
        answer.set_result(wanted)
        for call in self._listeners:
            call(wanted)
        return answer

    def when_connections_change(self, call: Callable[[Connections], None]) -> None:
        self._listeners.append(call)

    def places(self) -> Future[tuple[StoredPlace, ...]]:
        answer: Future[tuple[StoredPlace, ...]] = Future()
        answer.set_result(
            (
                StoredPlace(what=msg("Private keys: the keyring of this system."), place="", keeps_keys=True),
                StoredPlace(
                    what=msg(
                        "The workspace: partners, tests, certificates, trust lists and decisions."
                        " No private key."
                    ),
                    place="/home/anna/.local/share/trustdesk/workspace/workspace.sqlite",
                ),
            )
        )
        return answer
