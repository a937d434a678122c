"""How this computer connects: by which proxy, or not at all."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from trustdesk.core.connections import Connections, ProxyUse
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.settings.rows import FieldRow, SettingRow, TickRow
from trustdesk.gui.settings.section import Section
from trustdesk.gui.widgets.combo import Combo
from trustdesk.gui.words import say
from trustdesk.services.settings_desk import SettingsDesk

_USES = {
    ProxyUse.ENVIRONMENT: msg("As the environment says"),
    ProxyUse.NONE: msg("None: connect directly"),
    ProxyUse.NAMED: msg("The one below"),
}


class ConnectionsSection(Section):
    """Offline, and the proxy."""

    def __init__(self, bridge: Bridge, desk: SettingsDesk) -> None:
        super().__init__(
            msg("Connections"),
            msg("Holds for all that this window connects to, at once. Commands take options of their own."),
        )
        self._bridge, self._desk = bridge, desk
        self.offline = TickRow(
            msg("Offline"),
            msg(
                "Nothing leaves this computer: no test, no name look-up, no question to a CA, no download."
                " What needs one reads: Not run: offline. A workspace on a database server stays connected."
            ),
        )
        self.offline.chosen.connect(self._choose_offline)
        self.use = Combo(name=say(msg("Proxy")))
        for use, words in _USES.items():
            self.use.addItem(say(words), use.value)
        self.use.activated.connect(self._choose_use)
        self.use_row = SettingRow(
            msg("Proxy"),
            msg(
                "Tests, CRLs, OCSP, issuers and lists go through it, and nothing goes around it."
                " The environment means HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY."
            ),
            self.use,
            is_wide=True,
        )
        self.proxy = FieldRow(
            msg("Address of the proxy"),
            msg("A user and a password belong into the environment: they are not kept here."),
            placeholder="http://proxy.example:8080",
            is_wide=True,
        )
        self.proxy.entered.connect(self._enter_proxy)
        self.add_rows([self.offline])
        self.add_rows([self.use_row, self.proxy])
        self.finish()
        self._show(desk.connections)

    def commit(self) -> None:
        """Hand over what was typed last."""
        self.proxy.commit()

    def _choose_offline(self, wanted: bool) -> None:
        self._ask(self.offline, replace(self._desk.connections, is_offline=wanted))

    def _choose_use(self, place: int) -> None:
        use = ProxyUse(str(self.use.itemData(place)))
        self.proxy.field.setEnabled(use is ProxyUse.NAMED)
        if use is ProxyUse.NAMED:
            # It holds once there is one that can be used.
            self.proxy.field.setFocus()
            if not self.proxy.field.text().strip():
                return
        text = self.proxy.field.text().strip() if use is ProxyUse.NAMED else self._desk.connections.proxy
        row = self.proxy if use is ProxyUse.NAMED else self.use_row
        self._ask(row, replace(self._desk.connections, proxy_use=use, proxy=text))

    def _enter_proxy(self, text: str) -> None:
        self._ask(self.proxy, replace(self._desk.connections, proxy_use=ProxyUse.NAMED, proxy=text))

    def _ask(self, row: SettingRow, wanted: Connections) -> None:
        kept = self._desk.connect_by(wanted)
        self._bridge.when_done(kept, partial(self._take, row), partial(self._fail, row), owner=self)

    def _take(self, row: SettingRow, chosen: Connections) -> None:
        row.show_kept()
        self._show(chosen)

    def _fail(self, row: SettingRow, error: TrustdeskError) -> None:
        row.show_problem(error)
        self.offline.tick.setChecked(self._desk.connections.is_offline)

    def _show(self, chosen: Connections) -> None:
        self.offline.tick.setChecked(chosen.is_offline)
        self.use.setCurrentIndex(self.use.findData(chosen.proxy_use.value))
        self.proxy.field.setEnabled(chosen.proxy_use is ProxyUse.NAMED)
        self.proxy.show_held(chosen.proxy)
