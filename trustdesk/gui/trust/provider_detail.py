"""One identity provider: what its list says, and what came of asking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trustdesk.core.finding import Verdict
from trustdesk.core.identity_provider import IdentityProvider, ProviderCheck, ProviderList
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.dates import iso_date
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.fact_grid import FactGrid
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.trust.token_dialog import VERDICT_STATES
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.card import Card
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.scrolled_column import ScrolledColumn
from trustdesk.gui.widgets.state_chip import StateChip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.trust_words import AUTHENTICITY_STATES, AUTHENTICITY_WORDS

_WORDS = {
    Verdict.PASS: msg("It passes"),
    Verdict.WARN: msg("It passes, with warnings"),
    Verdict.FAIL: msg("It does not pass"),
}


class ProviderDetail(Card):
    """Facts, buttons, and the rules of the last check."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._title = Text(style=TypeStyle.SECTION, wrap=True)
        self.chip = StateChip()
        self.facts = FactGrid(name=say(msg("What the list says of it")))
        self.check_button = Button(say(msg("Check it now")), icon="run", kind=ButtonKind.PRIMARY)
        self.check_button.setToolTip(
            say(msg("Asks the provider's servers for its documents and keys; they see it."))
        )
        self.keep_button = Button(say(msg("Keep its keys")), icon="key")
        self.remove_button = Button(say(msg("Remove the list …")), icon="remove")
        self.verdict = StateChip()
        self._checked = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.findings = FindingsList(shows_source=True)
        self._build()

    @property
    def words(self) -> str:
        """The title, and what is said of the last check."""
        return f"{self._title.text()} {self.verdict.accessibleName()} {self._checked.text()}".strip()

    def show_provider(
        self, provider: IdentityProvider, of: ProviderList, check: ProviderCheck | None
    ) -> None:
        """Show a provider with what came of its last check, or that there was none."""
        self._title.setText(visible(provider.name or provider.issuer))
        state = of.authenticity.state
        self.chip.show_state(AUTHENTICITY_STATES[state], say(AUTHENTICITY_WORDS[state]))
        self.facts.show_facts(_facts(provider, of, self._now()))
        if check is None:
            self.verdict.show_state(State.UNKNOWN, say(msg("Not checked")))
            self._checked.setText(say(msg("Nobody has asked its servers since the program was started.")))
        else:
            self.verdict.show_state(VERDICT_STATES[check.verdict], say(_WORDS[check.verdict]))
            self._checked.setText(
                say(
                    msg(
                        "Asked on {date}; keys found: {count}.",
                        date=check.checked_at,
                        count=len(check.keys),
                    )
                )
            )
        self.findings.setVisible(check is not None)
        self.findings.show_findings(() if check is None else check.findings)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title, 1)
        head.addWidget(self.chip)
        pressed = QWidget()
        flow = Flow(pressed)
        for button in (self.check_button, self.keep_button, self.remove_button):
            flow.addWidget(button)
        last = QHBoxLayout()
        last.setSpacing(10)
        last.addWidget(self.verdict)
        last.addWidget(self._checked, 1)
        scroll = ScrolledColumn(name=say(msg("Identity provider")))
        scroll.column.addWidget(self.facts)
        scroll.column.addWidget(pressed)
        scroll.column.addLayout(last)
        scroll.column.addWidget(self.findings)
        scroll.column.addStretch(1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(10)
        inside.addLayout(head)
        inside.addWidget(scroll, 1)


def _facts(provider: IdentityProvider, of: ProviderList, now: datetime) -> tuple[Fact, ...]:
    due = of.next_update
    rows: tuple[tuple[Message, str, str], ...] = (
        (msg("Issuer"), visible(provider.issuer), "text"),
        (msg("List"), visible(of.title or of.name), "text"),
        (
            msg("Next update"),
            "" if due is None else iso_date(due),
            "warning" if due is not None and due <= now else "text",
        ),
        (msg("Tokens"), visible(provider.token_url), "text"),
        (msg("Keys"), visible(provider.jwks_uri), "text"),
        (msg("Algorithms"), ", ".join(provider.algorithms), "text"),
        (msg("Keys at hand"), str(len(provider.keys) + len(provider.signing_certificates)), "text"),
        (msg("Signers"), "\n".join(visible(one) for one in provider.signing_skis), "text"),
        (msg("Notes"), visible(provider.notes), "text"),
    )
    return tuple(Fact(label=label, value=value, ink=ink) for label, value, ink in rows if value)
