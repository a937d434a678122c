"""Judgement of probes: from facts to ranked causes, who has to act, what to do, and what to look at next.

May import formats and core. Pure. Causes are the codes of the closed vocabulary in `diagnose.causes`; what
speaks for which stands in `resources/diagnosis/hypotheses.toml`.

The way: `observations` (what was seen) → `collected` (facts, each with its sentence) → `ranking` (causes by
the rules of `rule_file`) → `explain` (the first in the words of the case). `experiments` chooses the next
probe, `server_family` guesses what ends TLS, `acceptable_cas` joins identities with a CertificateRequest,
`pasted` knows the messages of other tools.
"""
