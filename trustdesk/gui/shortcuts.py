"""Every key of the window in one table: pages set their shortcuts from it, and the sheet shows it.

A key that a part handles itself while it has the keyboard (arrows in a drawing, Space on a row) stands here
too, for the sheet. Two shortcuts that work at the same time never have the same key: the tests go over the
table, and over every page of a real window.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.message import Message, msg

_WINDOW = Qt.ShortcutContext.WindowShortcut
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
_IN_PART = Qt.ShortcutContext.WidgetWithChildrenShortcut


class Where(StrEnum):
    """Where a key works: everywhere, on one page, or in one window over the page."""

    EVERYWHERE = "everywhere"
    OVERVIEW = "overview"
    PARTNERS = "partners"
    HANDSHAKE = "handshake"
    INSPECTOR = "inspector"
    IDENTITIES = "identities"
    REQUEST = "request"
    TRUST_LISTS = "trust_lists"
    HELP = "help"


WHERE_WORDS: dict[Where, Message] = {
    Where.EVERYWHERE: msg("Everywhere"),
    Where.OVERVIEW: msg("Overview"),
    Where.PARTNERS: msg("Partners"),
    Where.HANDSHAKE: msg("Handshake"),
    Where.INSPECTOR: msg("Inspector"),
    Where.IDENTITIES: msg("Identities"),
    Where.REQUEST: msg("New certificate request"),
    Where.TRUST_LISTS: msg("Trust lists"),
    Where.HELP: msg("Help"),
}


@light_dataclass(frozen=True, slots=True)
class Shortcut:
    """One thing that keys do.

    Attributes:
        where: where they work.
        keys: each of them does it; the first is the one that buttons name. Qt's portable text.
        words: what it does.
        is_bound: set as a shortcut by `bind`; False for keys that a part with the keyboard handles itself.
    """

    where: Where
    keys: tuple[str, ...]
    words: Message
    is_bound: bool = True


def _everywhere(words: Message, *keys: str, is_bound: bool = True) -> Shortcut:
    return Shortcut(Where.EVERYWHERE, keys, words, is_bound)


class Key(Enum):
    """The table; a member's value is its shortcut."""

    OVERVIEW = _everywhere(msg("Overview"), "Ctrl+1")
    PARTNERS = _everywhere(msg("Partners"), "Ctrl+2")
    HANDSHAKE = _everywhere(msg("Handshake"), "Ctrl+3")
    INSPECTOR = _everywhere(msg("Inspector"), "Ctrl+4")
    IDENTITIES = _everywhere(msg("Identities"), "Ctrl+5")
    TRUST_LISTS = _everywhere(msg("Trust lists"), "Ctrl+6")
    SEARCH = _everywhere(msg("Search partners and certificates"), "Ctrl+F")
    OPEN = _everywhere(msg("Open files in the Inspector"), "Ctrl+O")
    PASTE = _everywhere(msg("Paste PEM into the Inspector"), "Ctrl+V")
    TARGET = _everywhere(msg("Go to the target of a handshake"), "Ctrl+L")
    HELP = _everywhere(msg("Help for the page in view"), "F1")
    SHORTCUTS = _everywhere(msg("Keys: this sheet"), "Ctrl+?")
    SETTINGS = _everywhere(msg("Settings"), "Ctrl+,")
    NEXT_PART = _everywhere(msg("Next part of the window"), "F6")
    PREVIOUS_PART = _everywhere(msg("Previous part of the window"), "Shift+F6")
    QUIT = _everywhere(msg("Close the window"), "Ctrl+Q")
    NEXT_CONTROL = _everywhere(msg("Next control, and the one before it"), "Tab", "Shift+Tab", is_bound=False)
    ENTER = _everywhere(msg("Open what is selected, with its details"), "Return", is_bound=False)
    PRESS = _everywhere(msg("Press the button, turn the switch"), "Space", is_bound=False)
    ESCAPE = _everywhere(msg("Cancel what runs; close the dialog; empty the filter"), "Esc", is_bound=False)
    COPY = _everywhere(msg("Copy the line, the card or the text"), "Ctrl+C", is_bound=False)

    OVERVIEW_RUN = Shortcut(Where.OVERVIEW, ("F5",), msg("Test all partners"))
    TIMELINE_TABLE = Shortcut(Where.OVERVIEW, ("Ctrl+T",), msg("Timeline as a table, and back"))
    TIMELINE_MOVE = Shortcut(Where.OVERVIEW, ("Up", "Down"), msg("Choose a bar of the timeline"), False)
    TIMELINE_ZOOM = Shortcut(Where.OVERVIEW, ("+", "-"), msg("Zoom the timeline"), False)
    TIMELINE_HOME = Shortcut(Where.OVERVIEW, ("Home",), msg("Back to today"), False)

    PARTNERS_RUN = Shortcut(Where.PARTNERS, ("F5",), msg("Test the marked partners, or all"))
    PARTNERS_CANCEL = Shortcut(Where.PARTNERS, ("Esc",), msg("Cancel the sweep, or take back the marks"))
    PARTNERS_FILTER = Shortcut(Where.PARTNERS, ("Ctrl+Shift+F",), msg("Filter the table"))
    PARTNERS_BACK = Shortcut(Where.PARTNERS, ("Alt+Left",), msg("Back to the table"))
    PARTNERS_SHEET = Shortcut(Where.PARTNERS, ("Ctrl+P",), msg("Write a review sheet"))
    PARTNERS_DIAGNOSE = Shortcut(Where.PARTNERS, ("Ctrl+F5",), msg("Find out why the test fails"))
    PARTNERS_TAB = Shortcut(Where.PARTNERS, ("Ctrl+Tab",), msg("Next tab of the partner"))
    PARTNERS_EDIT = Shortcut(Where.PARTNERS, ("Alt+Return",), msg("Edit the partner"))
    PARTNERS_REMOVE = Shortcut(Where.PARTNERS, ("Del",), msg("Remove the partner"))
    PARTNERS_MARK = Shortcut(Where.PARTNERS, ("Space",), msg("Mark a row"), False)

    HANDSHAKE_RUN = Shortcut(Where.HANDSHAKE, ("F5",), msg("Run the handshake"))
    HANDSHAKE_MATRIX = Shortcut(Where.HANDSHAKE, ("Ctrl+F5",), msg("Run the matrix of probes"))
    HANDSHAKE_EXPLAIN = Shortcut(Where.HANDSHAKE, ("Ctrl+E",), msg("Explain an error message"))
    HANDSHAKE_TURN = Shortcut(Where.HANDSHAKE, ("Ctrl+Tab",), msg("From TLS to mTLS, and back"))
    HANDSHAKE_CANCEL = Shortcut(Where.HANDSHAKE, ("Esc",), msg("Cancel the run"))
    LADDER_MOVE = Shortcut(Where.HANDSHAKE, ("Up", "Down"), msg("Choose a message of the ladder"), False)

    INSPECTOR_COPY = Shortcut(Where.INSPECTOR, ("Ctrl+C",), msg("Copy the certificate as PEM"))
    INSPECTOR_FILTER = Shortcut(Where.INSPECTOR, ("Ctrl+Shift+F",), msg("Filter what was opened"))
    INSPECTOR_SUMMARY = Shortcut(Where.INSPECTOR, ("Alt+Return",), msg("All details of the certificate"))
    INSPECTOR_TAB = Shortcut(Where.INSPECTOR, ("Ctrl+Tab",), msg("Next tab of the certificate"))
    INSPECTOR_TAB_BACK = Shortcut(
        Where.INSPECTOR, ("Ctrl+Shift+Tab",), msg("Tab before it of the certificate")
    )
    INSPECTOR_CANCEL = Shortcut(Where.INSPECTOR, ("Esc",), msg("Stop reading or judging many files"))
    INSPECTOR_CLOSE = Shortcut(Where.INSPECTOR, ("Del",), msg("Close what is selected"), False)
    GRAPH_MOVE = Shortcut(
        Where.INSPECTOR,
        ("Left", "Right", "Up", "Down"),
        msg("Walk the tree, and the edges of the graph"),
        False,
    )

    IDENTITY_DELETE = Shortcut(Where.IDENTITIES, ("Del",), msg("Delete the identity"), False)
    CASE_DROP = Shortcut(Where.IDENTITIES, ("Del",), msg("Drop the request"))

    REQUEST_NEXT = Shortcut(Where.REQUEST, ("Ctrl+Return", "Ctrl+Enter"), msg("Next step"))
    REQUEST_BACK = Shortcut(Where.REQUEST, ("Alt+Left",), msg("Step before it"))
    REQUEST_ADD = Shortcut(Where.REQUEST, ("Return",), msg("Take the name in the field into the list"), False)

    HELP_BACK = Shortcut(Where.HELP, ("Alt+Left",), msg("Back to what was read before"))
    HELP_SEARCH = Shortcut(Where.HELP, ("Ctrl+Shift+F",), msg("Search the handbook"))
    HELP_TAB = Shortcut(Where.HELP, ("Ctrl+Tab",), msg("Next tab of Help"))

    TRUST_REMOVE = Shortcut(
        Where.TRUST_LISTS, ("Del",), msg("Remove the policy; take back the decision; drop the CA"), False
    )


def bind(
    widget: QWidget,
    key: Key,
    call: Callable[[], object],
    *,
    in_part: bool = False,
    context: Qt.ShortcutContext | None = None,
) -> QShortcut:
    """Set the keys of an entry on a page, a part or a window; return the shortcut.

    Args:
        in_part: only while the keyboard is in the widget; else in all of its window while it is seen.
        context: another reach than these two.
    """
    made = QShortcut(widget)
    made.setKeys([QKeySequence(one) for one in key.value.keys])
    made.setContext(context or (_IN_PART if in_part else _WINDOW))
    made.activated.connect(call)
    return made


def key_text(key: Key) -> str:
    """Return the first key of an entry as this system writes it, for a hint beside a word."""
    return native(key.value.keys[0])


def native(key: str) -> str:
    """Return a key as this system writes it; from left to right in every language."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        return f"{_LEFT_TO_RIGHT}{text}{_END}"
    return text
