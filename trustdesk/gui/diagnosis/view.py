"""A diagnosis in view: how far it is, the causes ranked, the probe matrix, and what else was found out."""

from __future__ import annotations

from datetime import UTC

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.diagnosis import Diagnosis, Hypothesis
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import Responsible
from trustdesk.core.untrusted import visible
from trustdesk.gui.diagnosis.found_words import family_words, legacy_words
from trustdesk.gui.diagnosis.hypothesis_card import HypothesisCard
from trustdesk.gui.diagnosis.matrix import ProbeMatrix
from trustdesk.gui.diagnosis.run import DiagnosisRun
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.flow import Flow
from trustdesk.gui.widgets.job_strip import JobStrip
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.preflight_words import preflight_sentence

_MAX_PROBES = 12


class DiagnosisView(QWidget):
    """Nothing at first; then a run, then what it found out.

    Signals:
        probe_chosen: the VariantProbe whose messages the person wants to see.
        letter_wanted, bundle_wanted, commands_wanted: the Diagnosis to write about.
        cancel_wanted: the person pressed Cancel.
    """

    probe_chosen = Signal(object)
    letter_wanted = Signal(object)
    bundle_wanted = Signal(object)
    commands_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, *, with_letter: bool = True, parent: QWidget | None = None) -> None:
        """Make a view; without `with_letter` the letter's button stands elsewhere."""
        super().__init__(parent)
        self._diagnosis: Diagnosis | None = None
        self.cards: list[HypothesisCard] = []
        self.strip = JobStrip(bar=say(msg("Probes made")), close=say(msg("Close the diagnosis")))
        self.strip.show_only()
        self.strip.cancelled.connect(self.cancel_wanted)
        self._doubt = Text(ink="text2", wrap=True)
        self._causes = QWidget()
        self._causes_layout = QVBoxLayout(self._causes)
        self._causes_layout.setContentsMargins(0, 0, 0, 0)
        self._causes_layout.setSpacing(8)
        self._limit = Text(ink="text2", wrap=True)
        self.matrix = ProbeMatrix()
        self.matrix.probe_chosen.connect(self.probe_chosen)
        self._found = Text(ink="text2", wrap=True)
        self._preflight_title = Text(say(msg("Our certificate before the test")), TypeStyle.ROW_TITLE_BAD)
        self._preflight_words = Text(wrap=True)
        self._preflight = FindingsList()
        self._buttons = QWidget()
        flow = Flow(self._buttons)
        self.letter = Button(say(msg("Write to partner …")))
        self.bundle = Button(say(msg("Support bundle …")), icon="export")
        self.commands = Button(say(msg("Same test as commands …")), icon="copy")
        for button, signal in (
            (self.letter, self.letter_wanted),
            (self.bundle, self.bundle_wanted),
            (self.commands, self.commands_wanted),
        ):
            flow.addWidget(button)
            button.clicked.connect(lambda _checked=False, told=signal: told.emit(self._diagnosis))
        self._with_letter = with_letter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in (
            self.strip,
            self._doubt,
            self._causes,
            self._limit,
            self._buttons,
            self.matrix,
            self._found,
            self._preflight_title,
            self._preflight_words,
            self._preflight,
        ):
            layout.addWidget(part)
        layout.addStretch(1)
        self.clear()

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What is shown; None while there is none, or one is being made."""
        return self._diagnosis

    def clear(self) -> None:
        """Show nothing."""
        self._diagnosis = None
        self._show_causes(())
        for part in (self.strip, self._doubt, self._limit, self._buttons, self.matrix, self._found):
            part.hide()
        self._show_preflight(None)

    def show_run(self, run: DiagnosisRun, identity: str | None) -> None:
        """Show how far a run is: what it does now, and the probes that have ended."""
        if self._diagnosis is not None:
            self.clear()
        done = len(run.probes)
        title = msg("Stopping …") if run.is_cancelling else msg("Diagnosing")
        made = msg_n("{count} probe made", "{count} probes made", done)
        numbers = msg("{made}. Now: {purpose}", made=made, purpose=run.purpose)
        self.strip.show_job(
            title, numbers, [(done, "accent")], _MAX_PROBES, running=True, cancelling=run.is_cancelling
        )
        self.strip.show()
        self.matrix.show_probes(run.probes, run.running, identity=identity, fact="")
        self.matrix.setVisible(bool(run.probes or run.running))

    def show_diagnosis(self, diagnosis: Diagnosis, doubt: Message | None = None) -> None:
        """Show what was found out; `doubt` says why it gives no verdict on what is in view."""
        self._diagnosis = diagnosis
        self.strip.hide()
        self._doubt.setText("" if doubt is None else say(doubt))
        self._doubt.setVisible(doubt is not None)
        self._show_causes(diagnosis.hypotheses, diagnosis)
        limit = diagnosis.limit
        if not diagnosis.hypotheses:
            limit = msg("Cancelled before anything was proved.")
        self._limit.setText("" if limit is None else say(limit))
        self._limit.setVisible(limit is not None)
        identity = (
            None if diagnosis.identity is None else diagnosis.identity.name or diagnosis.identity.sha256
        )
        self.matrix.show_probes(
            diagnosis.probes, {}, identity=identity, fact=_fact(diagnosis), is_current=doubt is None
        )
        self.matrix.show()
        self.letter.setVisible(self._with_letter and doubt is None and can_write(diagnosis))
        self.bundle.setVisible(can_write(diagnosis))
        self._buttons.show()
        found = [*family_words(diagnosis), *legacy_words(diagnosis)]
        self._found.setText("\n".join(say(one) for one in found))
        self._found.setVisible(bool(found))
        self._show_preflight(diagnosis)
        if QAccessible.isActive() and diagnosis.hypotheses and doubt is None:
            words = say(diagnosis.hypotheses[0].statement)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def choose_probe(self, number: str) -> None:
        """Go to the matrix cell of a probe, and open its messages."""
        self.matrix.focus_probe(number)
        if self._diagnosis is not None:
            probe = next((one for one in self._diagnosis.probes if one.id == number), None)
            if probe is not None:
                self.probe_chosen.emit(probe)

    def _show_causes(self, hypotheses: tuple[Hypothesis, ...], diagnosis: Diagnosis | None = None) -> None:
        for old in self.cards:
            old.setParent(None)
            old.deleteLater()
        self.cards = []
        for rank, one in enumerate(hypotheses, 1):
            card = HypothesisCard(
                rank,
                one,
                family=diagnosis.family if diagnosis is not None else None,
                alike=_alike(one, hypotheses),
            )
            card.probe_wanted.connect(self.choose_probe)
            self._causes_layout.addWidget(card)
            self.cards.append(card)
        if self.cards:
            self.cards[0].head.setChecked(True)
        self._causes.setVisible(bool(self.cards))

    def _show_preflight(self, diagnosis: Diagnosis | None) -> None:
        findings = () if diagnosis is None else diagnosis.preflight
        first = None if diagnosis is None else next(iter(diagnosis.hypotheses), None)
        blames_us = first is not None and first.responsible in {Responsible.US, Responsible.CA}
        sentence = preflight_sentence(findings, blames_us=blames_us)
        open_ones = tuple(
            one for one in findings if one.status not in {FindingStatus.PASS, FindingStatus.NOT_APPLICABLE}
        )
        self._preflight_title.setVisible(sentence is not None)
        self._preflight_words.setVisible(sentence is not None)
        self._preflight_words.setText("" if sentence is None else say(sentence))
        self._preflight.show_findings(open_ones)
        self._preflight.setVisible(bool(open_ones))


def can_write(diagnosis: Diagnosis) -> bool:
    """Whether there is anything to tell a partner: a cancelled diagnosis without a cause has nothing."""
    return bool(diagnosis.hypotheses and diagnosis.probes)


def _alike(hypothesis: Hypothesis, hypotheses: tuple[Hypothesis, ...]) -> list[Message]:
    """Return the causes that nothing tells from this one, in the words in which they stand here."""
    from trustdesk.diagnose.causes import Cause
    from trustdesk.services.explaining import cause_texts

    here = {one.cause: one.statement for one in hypotheses}
    codes = set(Cause)
    return [
        here[code]
        if code in here
        else cause_texts()[Cause(code)].meaning
        if code in codes
        else msg("{cause}", cause=visible(code))
        for code in hypothesis.same_as
    ]


def _fact(diagnosis: Diagnosis) -> str:
    probes = msg_n("{count} probe", "{count} probes", len(diagnosis.probes))
    return say(
        msg(
            "{probes}, {seconds} s, at {time} UTC",
            probes=probes,
            seconds=diagnosis.duration_ms / 1000,
            time=f"{diagnosis.started_at.astimezone(UTC):%H:%M:%S}",
        )
    )
