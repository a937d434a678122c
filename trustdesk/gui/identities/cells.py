"""What stands in each cell of the table: one answer for painter, tooltips and screen readers."""

from __future__ import annotations

from enum import IntEnum

from trustdesk.core.identity import IdentityView, PurposeVerdict
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import visible
from trustdesk.gui.identities.arrange import SortBy, issuer_words, key_of
from trustdesk.gui.identities.standing import JUDGING, WARNING_DAYS, standing, standing_word, usable_cell
from trustdesk.gui.widgets.two_line_cells import CellView
from trustdesk.gui.words import say
from trustdesk.services.board import State


class Column(IntEnum):
    """Columns in their order."""

    NAME = 0
    IDS = 1
    CLIENT = 2
    SERVER = 3
    ISSUER = 4
    DAYS = 5
    KEY = 6
    STORE = 7


HEADERS: dict[Column, Message] = {
    Column.NAME: msg("Name"),
    Column.IDS: msg("1R-IDs"),
    Column.CLIENT: msg("Client"),
    Column.SERVER: msg("Server"),
    Column.ISSUER: msg("Issuer"),
    Column.DAYS: msg("Days"),
    Column.KEY: msg("Key"),
    Column.STORE: msg("Key lives in"),
}
SORTS: dict[Column, SortBy] = {
    Column.NAME: SortBy.NAME,
    Column.IDS: SortBy.IDS,
    Column.CLIENT: SortBy.CLIENT,
    Column.SERVER: SortBy.SERVER,
    Column.ISSUER: SortBy.ISSUER,
    Column.DAYS: SortBy.DAYS,
    Column.KEY: SortBy.KEY,
    Column.STORE: SortBy.STORE,
}
STORE_WORDS: dict[KeyStoreKind, Message] = {
    KeyStoreKind.KEYRING: msg("OS keyring"),
    KeyStoreKind.VAULT: msg("Vault"),
}
_INK = {State.WARNING: "warning", State.BAD: "bad", State.GOOD: "text"}


def view_of(view: IdentityView, column: Column, *, is_judged: bool) -> CellView:
    """Return what stands in a cell.

    Args:
        is_judged: False while the verdicts of the day in view are not there: those of another are not shown.
    """
    match column:
        case Column.NAME:
            return _name(view, is_judged=is_judged)
        case Column.IDS:
            return _ids(view)
        case Column.CLIENT:
            return _verdict(view.client, is_judged=is_judged)
        case Column.SERVER:
            return _verdict(view.server, is_judged=is_judged)
        case Column.ISSUER:
            issuer = view.identity.certificate.issuer
            return CellView(word=visible(issuer_words(view)), spoken=visible(issuer or "–"))
        case Column.DAYS:
            return _days(view, is_judged=is_judged)
        case Column.KEY:
            return CellView(word=key_of(view), ink="text2", spoken=key_of(view))
        case Column.STORE:
            return _store(view)


def _name(view: IdentityView, *, is_judged: bool) -> CellView:
    state = standing(view) if is_judged else State.UNKNOWN
    says = standing_word(view) if is_judged else JUDGING.word
    name = visible(view.identity.name)
    subject = visible(view.identity.certificate.subject or "") or say(msg("empty subject"))
    return CellView(
        state=state,
        word=name,
        second=subject,
        strong=state is State.BAD,
        spoken=f"{say(says)}: {name}\n{subject}",
    )


def _ids(view: IdentityView) -> CellView:
    ids = view.one_record_ids
    if not ids:
        return CellView(word=say(msg("none")), ink="text2", spoken=say(msg("none")))
    word = say(msg_n("{count} 1R-ID", "{count} 1R-IDs", len(ids)))
    return CellView(word=word, ink="text2", spoken="\n".join((word, *map(visible, ids[:12]))))


def _verdict(verdict: PurposeVerdict, *, is_judged: bool) -> CellView:
    cell = usable_cell(verdict.usable) if is_judged else JUDGING
    word = say(cell.word)
    why = say(verdict.why) if is_judged else ""
    return CellView(
        state=cell.state,
        word=word,
        ink=_INK.get(cell.state, "text2"),
        spoken="\n".join(part for part in (word, why) if part),
    )


def _days(view: IdentityView, *, is_judged: bool) -> CellView:
    days = view.days_left
    if not is_judged:
        return CellView(word="–", ink="text2", spoken=say(JUDGING.word))
    if days is None:
        return CellView(word="–", ink="text2", spoken=say(msg("The end of its validity cannot be read")))
    if days < 0:
        spoken = say(msg_n("Expired {count} day ago", "Expired {count} days ago", -days))
        return CellView(word=f"\u2212{-days}", ink="bad", strong=True, spoken=spoken)
    near = days <= WARNING_DAYS
    spoken = say(msg_n("{count} day left", "{count} days left", days))
    return CellView(word=str(days), ink="warning" if near else "text", strong=near, spoken=spoken)


def _store(view: IdentityView) -> CellView:
    key = view.identity.key
    word = say(STORE_WORDS[key.reference.store])
    return CellView(icon="lock", word=word, ink="text2", spoken=f"{word}: {visible(key.store_title)}")
