"""Use cases: every page of the window and every command calls one of these.

May import network, storage, lab and what lies below. No Qt, no terminal. Results are core values;
sentences are messages, turned into words by `services.wording` at the edge.

Decisions:
- 2026-11: a trust list is read in a process that can be killed (`list_reader`), and prepared before anything
  is kept: what a person reviews is what is applied, in one transaction that can be undone.
- 2026-11: all that judges takes its lists from one place (`session_trust`, `lists_in_force`), with
  decisions and policies in them: no face and no command composes trust of its own.
- 2026-11: whose verdict a change would turn is judged from the chains that were seen last, no connection is
  made (`trust_impact`); what cannot be judged is named, never counted as unchanged.
- 2026-11: a token is judged, shown and forgotten: no job, error or line of a log holds one
  (`live_providers`).
"""
