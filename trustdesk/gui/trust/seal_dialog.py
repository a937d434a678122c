"""Sealing anew: what stands is shown whole, and a person says why before anything is sealed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.core.seal_review import SealReview
from trustdesk.core.untrusted import visible
from trustdesk.gui.trust.actions import TrustActions
from trustdesk.gui.trust.comment_dialog import CommentDialog
from trustdesk.gui.widgets.plain_view import PlainView, framed
from trustdesk.gui.words import say
from trustdesk.services.trust_words import review_words, sealed_words

_LONGEST = 500
_WAITING = msg("The key store is asked for the seal. If it is locked, it waits for you.")


class SealDialog(CommentDialog):
    """All values with a seal, each with the line of the log that tells of it; nothing is left off."""

    def __init__(self, parent: QWidget, review: SealReview) -> None:
        super().__init__(
            parent,
            msg("Seal everything anew?"),
            msg(
                "What the trust log tells counts again: private roots, pinned signers, decisions. See that it"
                " is what was decided here."
            ),
            review_words(review),
            verb=msg("Seal it anew"),
            danger=True,
        )
        self.view = PlainView(name=say(msg("What has a seal")))
        lines = [visible(say(sealed_words(one)), _LONGEST) for one in review.items]
        self.view.setPlainText("\n".join(lines) or say(msg("Nothing but the log.")))
        self.content.insertWidget(1, framed(self.view), 1)
        self.resize(720, 560)


def ask_to_seal(actions: TrustActions, page: QWidget) -> None:
    """Show what stands, ask, and seal; the keyring may have to be unlocked for either."""

    def ask(review: SealReview) -> None:
        if review.holds:
            actions.done.emit(msg("All seals hold: there is nothing to seal anew."), None)
            return
        dialog = SealDialog(page.window(), review)
        dialog.agreed.connect(lambda comment: seal(comment, review))
        actions.open(dialog)

    def seal(comment: str, review: SealReview) -> None:
        actions.run(actions.desk.seal_anew(comment, review), _WAITING, tell)

    def tell(after: SealReview) -> None:
        left = len(after.left_out)
        words = msg("Everything that the log tells is sealed anew.")
        if left:
            words = msg_n(
                "Sealed anew; {count} value is not as the log tells, and is not sealed.",
                "Sealed anew; {count} values are not as the log tells, and are not sealed.",
                left,
            )
        actions.done.emit(words, None)

    actions.run(actions.desk.review_seals(), _WAITING, ask)
