"""One probe in words: the cause that the rules put first, who has to act, what to do, what it rests on.

Decisions:
- 2026-11: the cause comes from the same rules and the same ranking as a whole diagnosis, applied to one
  probe, so that a probe, the board and a diagnosis never say different things of the same facts. Only the
  words are chosen here: the first cause is said with the names, dates and alerts of the case.
- 2026-11: a server whose certificate cannot be read, is a CA's, or is refused without a plain reason falls
  under `protocol_violation`, the code for malformed messages; the headline says which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Hypothesis, Preflight
from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.core.probe import Explanation, Outcome, ProbeRecord
from trustdesk.diagnose import answered, negotiation, reach, rejected
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.collected import facts_of
from trustdesk.diagnose.observations import Observations, as_given
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.ranking import rank
from trustdesk.diagnose.rule_file import RuleBook
from trustdesk.diagnose.server_family import guess_family
from trustdesk.diagnose.untrusted import explain_untrusted

_EVIDENCE_SHOWN = 4

_WORDS: Mapping[Cause, Callable[[ProbeView], Explanation | None]] = {
    **answered.WORDS,
    **reach.WORDS,
    **negotiation.WORDS,
    **rejected.WORDS,
}


def explain(
    record: ProbeRecord,
    findings: Sequence[Finding],
    client: CertificateFacts | None = None,
    client_issuers: Sequence[str] = (),
    *,
    rules: RuleBook,
) -> Explanation:
    """Explain a probe.

    Args:
        findings: of the judge and of the handshake rules.
        client: our certificate's read-outs; None when none was selected or it is not known.
        client_issuers: RFC 4514 names of the issuers in the path that we send, the end entity's first.
    """
    observations = Observations(
        probes=(as_given(record, findings),),
        preflight=Preflight(
            certificate=client, issuers=tuple(client_issuers), revocation=record.client_revocation
        ),
        family=guess_family([record]),
    )
    if record.outcome is Outcome.CANCELLED:
        return observations.view.explanation(
            Cause.NONE, msg("Cancelled: nothing is proved."), msg("Run the test again."), record.error
        )
    facts = facts_of(observations, rules.interceptors)
    return _in_words(rank(facts, rules, observations.family)[0], observations.view, rules)


def diagnose(observations: Observations, rules: RuleBook) -> tuple[Hypothesis, ...]:
    """Return the causes that fit everything that was seen, most likely first; the first in the case's words.

    Empty when the first probe was cancelled.
    """
    facts = facts_of(observations, rules.interceptors)
    hypotheses = rank(facts, rules, observations.family)
    if not hypotheses:
        return ()
    first = hypotheses[0]
    words = _in_words(first, observations.view, rules)
    worded = replace(first, statement=words.headline, remedy=words.action, responsible=words.responsible)
    return (worded, *hypotheses[1:])


def _in_words(first: Hypothesis, view: ProbeView, rules: RuleBook) -> Explanation:
    cause = Cause(first.cause)
    if view.record.outcome is Outcome.UNTRUSTED_PEER:
        untrusted = explain_untrusted(view, cause, rules)
        if untrusted is not None:
            return untrusted
    elif cause in _WORDS and first.statement == rules.texts[cause].meaning:
        # A rule with a statement of its own says more of the case than the words kept for its cause.
        worded = _WORDS[cause](view)
        if worded is not None:
            return worded
    told = [one.fact for one in first.evidence if one.weight > 0][:_EVIDENCE_SHOWN]
    return view.explanation(
        cause,
        first.statement,
        first.remedy,
        view.record.error,
        *told,
        *view.failed_evidence(),
        responsible=first.responsible,
    )
