"""The shipped rules of the diagnosis, read once for all tests."""

from __future__ import annotations

from pathlib import Path

from trustdesk.diagnose.cause_texts import read_cause_texts
from trustdesk.diagnose.rule_file import read_rules

DATA = Path("resources/diagnosis")
TEXTS = read_cause_texts((DATA / "causes.toml").read_text(encoding="utf-8"))
RULES = read_rules((DATA / "hypotheses.toml").read_text(encoding="utf-8"), TEXTS)
