"""Use cases: every page of the window and every command calls one of these.

May import network, storage, lab and what lies below. No Qt, no terminal. Results are core values;
sentences are messages, turned into words by `services.wording` at the edge.

A face works with `desk`, and with the desks beside it, a Protocol each (`…_desk`); `live_…` is what stands
behind it, `…_values` what a face may import before its first paint, `…_words` its sentences. Partners:
`directory_desk` with import, export and duplicates (`partner_…`); `board…` with `standings` and `freshness`
for how all stand; `sweeps` for their tests; `readiness…` for the rules of ONE Record; `history…` with
`flapping` and `…trend…`; `expiry…`, `renewal_…`, `calendar_file` and `metrics_text` for what ends; `report…`,
`review…` and `board_…` for what is handed on. A workspace as a whole: `workspaces` opens, `workspace_care`
backs up and checks.

Decisions:
- 2026-11: a trust list is read in a process that can be killed (`list_reader`), and prepared before anything
  is kept: what a person reviews is what is applied, in one transaction that can be undone.
- 2026-11: all that judges takes its lists from one place (`session_trust`, `lists_in_force`), with
  decisions and policies in them: no face and no command composes trust of its own.
- 2026-11: whose verdict a change would turn is judged from the chains that were seen last, no connection is
  made (`trust_impact`); what cannot be judged is named, never counted as unchanged.
- 2026-11: a bearer token lives in a holder that gives it out once (`core.bearer_token`), in the closure of
  one job; only `network.strict_exchange` takes it, over a connection that is verified before.
- 2026-11: a readiness check is planned before anything is sent (`readiness_plan`): what is not in the plan is
  not asked, and each rule that lacks a call is not run, with the reason.
- 2026-11: a sweep takes its targets from an iterator and keeps its results as they come, up to forty at
  once (`sweep_keeping`), each with its place, so that one that was killed goes on where it was. Not reached
  and timed out are inconclusive after a second try, and no failure of the partner.
- 2026-11: what a person waits for goes first (`precedence`): judging our identities and tidying
  (`housekeeping`) give way to the board.
- 2026-11: a report on many partners is made in a worker process, in parts of 500, and its pages are painted
  by Qt in one more: ten thousand rows hold up no window, and cancelling ends a process (`report_process`).
- 2026-11: what changed is told from changes that were noted when a test was kept (`history_words`), never by
  comparing whole reports; flapping leaves out what was inconclusive.
- 2026-11: what ends is read from columns, not from certificates (`expiry`): 0.3 s of 10,000 partners in
  place of 0.9 s.
- 2026-11: a token of an identity provider is judged, shown and forgotten: no job, error or line of a log
  holds one (`live_providers`).
"""
