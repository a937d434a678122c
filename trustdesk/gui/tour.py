"""A tour of the window: every page, and dialogs over it, brought into view with a desk's data."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.partner import Endpoint
from trustdesk.gui.application import application
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.dialog_scenes import DIALOG, dialog_scenes
from trustdesk.gui.identities.page import PRIVATE_CA, REQUESTS
from trustdesk.gui.inspector.raw_pane import pem_text
from trustdesk.gui.partners.shots import EDIT, IMPORT, directory_scenes, partner_tab_scenes
from trustdesk.gui.requests.wish import Wanted
from trustdesk.gui.scene import Named
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.gui.trust.shots import REVIEW, review_scene, trust_scenes
from trustdesk.gui.window import (
    HANDSHAKE,
    IDENTITIES,
    INSPECTOR,
    OVERVIEW,
    PARTNERS,
    TRUST_LISTS,
    MainWindow,
)
from trustdesk.services.board import BoardRow, State
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import PastedData

SIZE = (1440, 900)
WIZARD = "wizard"
_DIALOGS = frozenset({EDIT, IMPORT, REVIEW, WIZARD})
_DEADLINE_S = 20.0
_PUMP_MS = 20
_WIZARD = (1040, 640)
_TOP = 60
_IDS = ("https://1r.haldenair.example/HAC", "https://events.haldenair.example/HAC-EVENTS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One page, or one dialog over it, in view.

    Attributes:
        name: of the page or dialog.
        mode: the theme that it is in.
        window: is shown, and has come to its answers.
        dialog: what is open over it; None for the page alone.
    """

    name: str
    mode: ThemeMode
    window: MainWindow
    dialog: QDialog | None

    def picture(self) -> QPixmap:
        """Draw it; a dialog has an edge in place of the frame that the system gives it."""
        picture = self.window.grab()
        if self.dialog is not None:
            above = self.dialog.grab()
            painter = QPainter(picture)
            left = (self.window.width() - self.dialog.width()) // 2
            painter.drawPixmap(left, _TOP, above)
            painter.setPen(QColor(current_theme().tokens.border))
            painter.drawRect(left, _TOP, self.dialog.width() - 1, self.dialog.height() - 1)
            painter.end()
        return picture


def tour(
    desk: Desk,
    on_scene: Callable[[Scene], object],
    *,
    handshake_target: Endpoint | None = None,
    size: tuple[int, int] = SIZE,
    modes: Sequence[ThemeMode] = (ThemeMode.LIGHT, ThemeMode.DARK),
    everything: bool = False,
) -> None:
    """Show one scene after the other in the language that is chosen; what takes over 20 s is missing.

    The Inspector shows the longest chain that a trusted partner presented: in the lab the cross-signed one.
    The partner that refuses our certificate is diagnosed, and its page shows what was found out.

    Args:
        desk: stays open.
        on_scene: called while the scene is in view.
        handshake_target: whom to shake hands with, first without and then with its identity; None takes the
            first partner that refused our certificate, else the first one.
        size: of the window, in pixels.
        modes: the themes, each with all scenes.
        everything: show the other dialogs, the other parts of Trust lists, and Help too.
    """
    # Only for the first application of the process, and only where nobody chose a platform.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application()
    theme = current_theme()
    before = theme.mode
    bridge = Bridge()
    window = MainWindow(bridge, title="trustdesk")
    other = _without_talk_of_the_platform()
    try:
        window.resize(*size)
        window.build_pages()
        window.set_desk(desk)
        window.show()
        scenes = _prepared(app, window, desk, handshake_target)
        if everything:
            scenes = [*scenes, *dialog_scenes(window, partial(_wait, app))]
        # A change of theme dresses every widget of the window anew: once for each theme.
        for mode in modes:
            theme.set_mode(mode)
            window.top_bar.show_mode(mode)
            for name, show in scenes:
                dialog = show()
                if dialog is None and (name in _DIALOGS or name.endswith(DIALOG)):
                    continue  # there is nothing to open it on
                _settle(app)
                on_scene(Scene(name=name, mode=mode, window=window, dialog=dialog))
                if dialog is not None:
                    dialog.done(0)
    finally:
        window.close()
        bridge.close()
        theme.set_mode(before)
        qInstallMessageHandler(other)


def _prepared(
    app: QApplication, window: MainWindow, desk: Desk, handshake_target: Endpoint | None
) -> Sequence[Named]:
    """Let the pages come to their answers; return the scenes in their order."""
    wait = partial(_wait, app)
    rows = _rows(app, window)
    endpoint = handshake_target or _interesting(rows)
    if endpoint is not None:
        _diagnose(app, window, endpoint)
        _shake_hands(app, window, endpoint)
    _inspect(app, window, _longest_chain(desk, rows))
    window.show_page(IDENTITIES)
    wait(lambda: window.identities.model.is_judged)
    _read_tabs(app, window)
    window.show_page(TRUST_LISTS)
    wait(lambda: window.trust_lists.view.version is not None)
    return [
        *_scenes(app, window, rows, endpoint, partner_tab_scenes(window, desk, rows, wait)),
        *trust_scenes(window, wait, _anchor(desk, rows)),
        *directory_scenes(window, desk, wait),
        (REVIEW, partial(review_scene, window, wait)),
        (WIZARD, partial(_wizard, window)),
    ]


def _without_talk_of_the_platform() -> Callable[[QtMsgType, QMessageLogContext, str], object] | None:
    """Keep from the terminal what Qt says of windows that are on no screen; return who heard it before."""

    def hear(kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        if words.startswith("This plugin does not support"):
            return
        if other is not None:
            other(kind, context, words)
        else:
            sys.stderr.write(f"{words}\n")

    other: Callable[[QtMsgType, QMessageLogContext, str], object] | None = qInstallMessageHandler(hear)
    return other


def _rows(app: QApplication, window: MainWindow) -> Sequence[BoardRow]:
    model, detail = window.partners.model, window.partners.detail
    _wait(app, lambda: bool(model.rows) and detail.endpoint is not None and detail.has_answer)
    return model.rows


def _interesting(rows: Sequence[BoardRow]) -> Endpoint | None:
    refused = (row for row in rows if row.mtls.state is State.BAD and row.endpoint.identity)
    chosen = next(refused, next(iter(rows), None))
    return None if chosen is None else chosen.endpoint


def _diagnose(app: QApplication, window: MainWindow, endpoint: Endpoint) -> None:
    partners = window.partners
    partners.order.reveal(endpoint)
    _wait(app, lambda: _is_shown(partners.detail.endpoint, endpoint) and partners.detail.has_answer)
    partners.diagnosing.start(endpoint)
    _wait(app, lambda: not partners.diagnosing.is_running)


def _is_shown(shown: Endpoint | None, endpoint: Endpoint) -> bool:
    return shown is not None and shown.id == endpoint.id


def _shake_hands(app: QApplication, window: MainWindow, endpoint: Endpoint) -> None:
    window.show_page(HANDSHAKE)
    for identity in dict.fromkeys((None, endpoint.identity)):
        ended: list[object] = []
        window.handshake.finished.connect(ended.append)
        window.handshake.open_target(endpoint.target, identity, run=True)
        _wait(app, lambda ended=ended: bool(ended))  # type: ignore[misc]  # bound now, not at the next round
        window.handshake.finished.disconnect(ended.append)


def _longest_chain(desk: Desk, rows: Sequence[BoardRow]) -> tuple[str, Sequence[CertificateFacts]]:
    """Return a partner's name with the chain that it presented; no certificates where none was trusted."""
    found: tuple[str, Sequence[CertificateFacts]] = ("", ())
    for row in rows:
        report = desk.last_report(row.endpoint.id).result()
        if report is None or report.record.judgement is None or not report.record.judgement.trusted:
            continue
        if len(report.record.presented_chain) > len(found[1]):
            found = (row.endpoint.partner, report.record.presented_chain)
    return found


def _anchor(desk: Desk, rows: Sequence[BoardRow]) -> str | None:
    """Return the CA at which the path of the first trusted partner ends, by digest."""
    for row in rows:
        report = desk.last_report(row.endpoint.id).result()
        judgement = None if report is None else report.record.judgement
        if judgement is not None and judgement.trusted and judgement.path:
            return judgement.path[-1]
    return None


def _inspect(app: QApplication, window: MainWindow, found: tuple[str, Sequence[CertificateFacts]]) -> None:
    name, chain = found
    window.show_page(INSPECTOR)
    if not chain:
        return
    page = window.inspector
    text = "".join(pem_text(facts.der, "CERTIFICATE") for facts in chain)
    page.open_sources([PastedData(name=f"{name}.pem", data=text.encode())])
    _wait(app, lambda: not page.opener.is_reading)
    if page.intake.isVisible():
        page.intake.open_button.click()

    def has_answers() -> bool:
        current = page.examiner.current
        return current is None or (current.is_judged and current.conformance is not None)

    _wait(app, has_answers)


def _scenes(
    app: QApplication,
    window: MainWindow,
    rows: Sequence[BoardRow],
    endpoint: Endpoint | None,
    tabs_of_partners: Sequence[Named],
) -> list[Named]:
    """Return the pictures to draw by name, each with what brings it into view."""

    def partner(shown: Endpoint | None) -> None:
        window.show_page(PARTNERS)
        if shown is not None:
            detail = window.partners.detail
            window.partners.order.reveal(shown)
            detail.tabs.setCurrentIndex(0)
            asked = window.partners.history
            _wait(app, lambda: _is_shown(detail.endpoint, shown) and detail.has_answer and asked.is_read)

    def overview() -> None:
        window.show_page(OVERVIEW)
        page = window.overview
        _wait(app, lambda: page.is_read and not page.is_looking and page.body.changes.is_read)

    def tab(key: str) -> None:
        window.show_page(IDENTITIES)
        window.identities.show_tab(key)

    first = next((row.endpoint for row in rows if row.endpoint != endpoint), endpoint)
    scenes: list[Named] = [
        (OVERVIEW, overview),
        ("partners", partial(partner, first)),
    ]
    if endpoint is not None:
        scenes.append(("diagnosis", partial(partner, endpoint)))
    scenes += tabs_of_partners
    scenes += [(page, partial(window.show_page, page)) for page in (HANDSHAKE, INSPECTOR)]
    tabs = (IDENTITIES, REQUESTS, PRIVATE_CA) if window.request_tabs is not None else (IDENTITIES,)
    return [*scenes, *((key.replace("_", "-"), partial(tab, key)) for key in tabs)]


def _read_tabs(app: QApplication, window: MainWindow) -> None:
    """Let the tabs beside the identities come to their answers."""
    tabs = window.request_tabs
    if tabs is not None:
        _wait(app, lambda: tabs.cases.is_read and tabs.authorities.is_read)


def _settle(app: QApplication) -> None:
    # Labels that were not polished yet would keep the colours of the theme before.
    for _turn in range(3):
        app.processEvents()


def _wizard(window: MainWindow) -> QDialog | None:
    """Open the wizard for requests, with names being typed."""
    window.show_page(IDENTITIES)
    window.identities.show_tab(IDENTITIES)
    tabs = window.request_tabs
    if tabs is None:
        return None
    tabs.dialogs.new_request()
    wizard = tabs.dialogs.wizard
    if wizard is None:
        return None
    wizard.resize(*_WIZARD)
    wizard.book.choose(wanted=Wanted.BOTH, one_record_ids=_IDS, dns_names=("edge.haldenair.example",))
    wizard.go_to(1)
    wizard.names.entry.write("https://1r.haldenair.example/HAC/osl")
    return wizard


def _wait(app: QApplication, is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + _DEADLINE_S
    while not is_there() and time.monotonic() < until:
        app.processEvents(
            QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents, _PUMP_MS
        )
