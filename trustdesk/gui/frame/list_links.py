"""What pages have to do when another trust list is in force, or a file of one was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustdesk.core.errors import TrustdeskError
    from trustdesk.core.trust import TrustList
    from trustdesk.gui.window import MainWindow


def link_lists(window: MainWindow) -> None:
    """Join the choice of lists with the pages, once all of them are built."""

    def choose(chosen: TrustList) -> None:
        window.handshake.set_trust_list(chosen.name)
        window.judge_anew()
        window.trust_lists.judge_anew()

    def show_unusable(error: TrustdeskError) -> None:
        window.show_page("inspector")
        window.inspector.show_error(error)

    window.lists.chosen.connect(choose)
    window.lists.opened.connect(window.handshake.form.choices.add_trust_list)
    window.lists.failed.connect(show_unusable)
