"""Tells the desktop of what has come near its end: once for each thing and threshold, on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from trustdesk.core.expiry import Ending, Endings, Nearness
from trustdesk.core.message import listed, msg, msg_n
from trustdesk.gui.words import say
from trustdesk.services.desktop_notification import tell_desktop
from trustdesk.services.expiry_words import counted_words, distinct

_TOLD = "reminders/told"
_MOST_TOLD = 20_000
"""What is remembered at most; the oldest are forgotten first, which ended long ago."""
_NAMED = 3


class Reminders(QObject):
    """Remembers what was told, in the person's settings.

    Attributes:
        show: shows title and text; on a thread of its own, for a desktop may take its time.
    """

    def __init__(self, parent: QObject | None = None, settings: QSettings | None = None) -> None:
        """Begin with what was told before; without settings nothing outlives the program."""
        super().__init__(parent)
        self._settings = settings
        self._tray: QSystemTrayIcon | None = None
        self.show: Callable[[str, str], None] = self._show
        before = None if settings is None else settings.value(_TOLD)
        self._told = dict.fromkeys(str(one) for one in before) if isinstance(before, list) else {}

    def tell(self, endings: Endings) -> None:
        """Show one notification of all that is new, and remember it; nothing where nothing is."""
        new = [
            one
            for one in endings.all
            if one.wants_action and one.nearness is not Nearness.UNKNOWN and _key(one) not in self._told
        ]
        if not new:
            return
        self._remember(map(_key, new))
        self.show(*_words(new))

    def _remember(self, keys: Iterable[str]) -> None:
        self._told |= dict.fromkeys(keys)
        self._told = dict.fromkeys(list(self._told)[-_MOST_TOLD:])
        if self._settings is not None:
            self._settings.setValue(_TOLD, list(self._told))

    def _show(self, title: str, body: str) -> None:
        def tell() -> None:
            tell_desktop(title, body)

        if QApplication.platformName() in {"windows", "cocoa"}:
            self._show_in_tray(title, body)
        else:
            threading.Thread(target=tell, name="trustdesk-reminder", daemon=True).start()

    def _show_in_tray(self, title: str, body: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
        self._tray.show()
        self._tray.showMessage(title, body, QApplication.windowIcon())


def _key(ending: Ending) -> str:
    """Return what is told once: this end of this thing at this threshold."""
    what = ending.sha256 or ending.name
    at = "" if ending.ends is None else f"{ending.ends.timestamp():.0f}"
    return f"{ending.kind.value}:{what}:{at}:{ending.nearness.value}"


def _words(new: list[Ending]) -> tuple[str, str]:
    ended = [one for one in new if one.nearness is Nearness.ENDED]
    near = [one for one in new if one.nearness is not Nearness.ENDED]
    parts = []
    for some, over in ((ended, True), (near, False)):
        if not some:
            continue
        names = list(dict.fromkeys(one.name for one in some))
        shown = listed(names) if len(names) <= _NAMED else ", ".join(names[:_NAMED])
        counted = ", ".join(say(one) for one in counted_words(some))
        what = msg("{counted} over", counted=counted) if over else msg("{counted} near", counted=counted)
        words = msg("{what}: {names}", what=what, names=shown)
        if len(names) > _NAMED:
            more = len(names) - _NAMED
            words = msg("{what}: {names} and {count} more", what=what, names=shown, count=more)
        parts.append(say(words))
    count = len(distinct(new))
    title = say(msg_n("{count} thing wants a renewal", "{count} things want a renewal", count))
    return title, "; ".join(parts)
