"""Judgement of probes: from facts to a cause, who has to act, and what to do.

May import formats and core. Pure. Causes are the codes of the closed vocabulary in `diagnose.causes`.
"""
