"""Pictures of what belongs to one partner: its tabs, and the dialogs of the directory."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QDialog

from trustdesk.core.observation import ChangeKind
from trustdesk.core.partner import Endpoint, PartnerEntry, PartnerRole
from trustdesk.core.target import TargetProtocol
from trustdesk.formats.partner_csv import COLUMNS, partners_csv
from trustdesk.gui.partners.import_dialog import PartnerImportDialog
from trustdesk.gui.partners.partner_dialog import PartnerDialog
from trustdesk.gui.scene import Named, Wait
from trustdesk.gui.window import PARTNERS, MainWindow
from trustdesk.services.board import BoardRow, State
from trustdesk.services.desk import Desk
from trustdesk.services.history_values import HistoryEntry

MESSAGES, READINESS, HISTORY, RENEWAL = "partner-handshake", "readiness", "history", "renewal"
EDIT, IMPORT = "partner-edit", "partner-import"
_MOST_LOOKED_AT = 100
_RENEWED = frozenset({ChangeKind.ISSUER, ChangeKind.KEY, ChangeKind.CERTIFICATE})


def partner_tab_scenes(window: MainWindow, desk: Desk, rows: Sequence[BoardRow], wait: Wait) -> list[Named]:
    """Check one partner, and return the pictures of tabs to draw, each with what brings it into view.

    Shown are the messages of a partner that rejects our certificate, the check of one that works, the history
    with most changes, and one with a renewal; what there is not is left out.
    """
    partners = window.partners
    readiness_tab, history_tab = partners.readiness.tab_place, partners.history.tab_place

    def reveal(endpoint: Endpoint, tab: int) -> None:
        window.show_page(PARTNERS)
        partners.order.reveal(endpoint)
        detail = partners.detail
        wait(lambda: detail.endpoint is not None and detail.endpoint.id == endpoint.id and detail.has_answer)
        detail.tabs.setCurrentIndex(tab)
        wait(lambda: partners.history.is_read and partners.readiness.is_read)

    scenes: list[Named] = []
    rejected = next((row.endpoint for row in rows if row.mtls.state is State.BAD), None)
    if rejected is not None:
        scenes.append((MESSAGES, partial(reveal, rejected, partners.detail.messages_place)))
    good = [row.endpoint for row in rows if row.state is State.GOOD]
    good.sort(key=lambda one: (one.target.protocol is not TargetProtocol.HTTPS, one.identity is None))
    checked = next(iter(good), None)
    if checked is not None:
        reveal(checked, readiness_tab)
        partners.readiness.start()
        wait(lambda: not partners.readiness.is_running)
        scenes.append((READINESS, partial(reveal, checked, readiness_tab)))
    by_id = {row.endpoint.id: row.endpoint for row in rows}
    latest = desk.history_desk.latest(_MOST_LOOKED_AT).result()
    told = [one.entry for one in latest.changes if one.entry is not None and one.entry.endpoint_id in by_id]
    for name, number in ((HISTORY, _liveliest(told)), (RENEWAL, _renewed(told))):
        if number is not None:
            scenes.append((name, partial(reveal, by_id[number], history_tab)))
    return scenes


def directory_scenes(window: MainWindow, desk: Desk, wait: Wait) -> list[Named]:
    """Return the dialogs of the directory, each with what opens it over the page."""
    return [
        (EDIT, partial(_edit, window, desk, wait)),
        (IMPORT, partial(_import, window, desk, wait)),
    ]


def _edit(window: MainWindow, desk: Desk, wait: Wait) -> QDialog | None:
    """Open the form of the partner in view; None where there is none."""
    directory = window.partners.directory
    window.show_page(PARTNERS)
    endpoint = window.partners.detail.endpoint
    names = {entry.partner.name for entry in desk.directory_desk.partners().result()}
    if endpoint is None or endpoint.partner not in names:
        return None
    before = directory.dialog
    directory.edit_current()
    wait(lambda: directory.dialog is not before)
    dialog = directory.dialog
    return dialog if dialog is not before and isinstance(dialog, PartnerDialog) else None


def _import(window: MainWindow, desk: Desk, wait: Wait) -> QDialog | None:
    """Open the import of a file that adds, changes, repeats and has a fault."""
    directory = window.partners.directory
    window.show_page(PARTNERS)
    entries = desk.directory_desk.partners().result()
    if not entries:
        return None
    with tempfile.TemporaryDirectory(prefix="trustdesk-shots-") as folder:
        file = Path(folder) / "partners.csv"
        file.write_bytes(_file_with_everything(entries[0], entries[-1]))
        before = directory.dialog
        directory.import_file(file)
        dialog = directory.dialog
        if dialog is before or not isinstance(dialog, PartnerImportDialog):
            return None
        wait(lambda: dialog.preview is not None)
        return dialog


def _file_with_everything(same: PartnerEntry, other: PartnerEntry) -> bytes:
    changed = replace(other, partner=replace(other.partner, tags=(*other.partner.tags, "audited 2026")))
    text = io.StringIO(newline="")
    rows = csv.DictWriter(text, COLUMNS)
    rows.writerow(
        {
            "partner": "Fjordline Cargo",
            "company_id": "FJORDLINE",
            "one_record_ids": "https://1r.fjordline.example/FJORDLINE",
            "role": PartnerRole.CARRIER.value,
            "endpoint": "https://1r.fjordline.example/FJORDLINE",
            "claims_mtls": "yes",
            "contact": "Certificate desk",
            "contact_email": "certificates@fjordline.example",
        }
    )
    rows.writerow({"partner": "Polarfuchs Air", "role": "airline", "endpoint": "https://1r.polarfuchs:99999"})
    return partners_csv([changed, same]) + text.getvalue().encode()


def _liveliest(told: Iterable[HistoryEntry]) -> int | None:
    counted = Counter(one.endpoint_id for one in told).most_common(1)
    return counted[0][0] if counted else None


def _renewed(told: Iterable[HistoryEntry]) -> int | None:
    renewed = [one for one in told if one.kind in _RENEWED]
    found = sorted(renewed, key=lambda one: one.kind is not ChangeKind.ISSUER)
    return found[0].endpoint_id if found else None
