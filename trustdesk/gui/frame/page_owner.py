"""The pages of the window, by name: they are imported and made after its first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from trustdesk.gui.frame.drop_target import DropTarget

if TYPE_CHECKING:
    from trustdesk.gui.frame.clock_button import ClockButton
    from trustdesk.gui.handshake.page import HandshakePage
    from trustdesk.gui.help.page import HelpPage
    from trustdesk.gui.identities.key_store_button import KeyStoreButton
    from trustdesk.gui.identities.page import IdentitiesPage
    from trustdesk.gui.inspector.page import InspectorPage
    from trustdesk.gui.overview.page import OverviewPage
    from trustdesk.gui.partners.page import PartnersPage
    from trustdesk.gui.trust.page import TrustListsPage

_Part = TypeVar("_Part")


class PageOwner(DropTarget):
    """A window that has the pages once it has built them."""

    def __init__(self) -> None:
        super().__init__()
        self._overview: OverviewPage | None = None
        self._partners: PartnersPage | None = None
        self._handshake: HandshakePage | None = None
        self._inspector: InspectorPage | None = None
        self._identities: IdentitiesPage | None = None
        self._trust_lists: TrustListsPage | None = None
        self._key_stores: KeyStoreButton | None = None
        self._help: HelpPage | None = None
        self.clock: ClockButton | None = None

    @property
    def overview(self) -> OverviewPage:
        """The page Overview; `build_pages` comes first."""
        return built(self._overview)

    @property
    def partners(self) -> PartnersPage:
        """The page Partners; `build_pages` comes first."""
        return built(self._partners)

    @property
    def handshake(self) -> HandshakePage:
        """The page Handshake; `build_pages` comes first."""
        return built(self._handshake)

    @property
    def inspector(self) -> InspectorPage:
        """The page Inspector; `build_pages` comes first."""
        return built(self._inspector)

    @property
    def identities(self) -> IdentitiesPage:
        """The page Identities; `build_pages` comes first."""
        return built(self._identities)

    @property
    def trust_lists(self) -> TrustListsPage:
        """The page Trust lists; `build_pages` comes first."""
        return built(self._trust_lists)

    @property
    def help(self) -> HelpPage:
        """The page Help; `build_pages` comes first."""
        return built(self._help)

    @property
    def key_stores(self) -> KeyStoreButton:
        """How keys are kept, in the status bar; `build_pages` comes first."""
        return built(self._key_stores)


def built(part: _Part | None) -> _Part:
    """Return a part that is built.

    Raises:
        RuntimeError: `build_pages` comes first.
    """
    if part is None:
        raise RuntimeError("pages are not built yet")
    return part
