"""The generated chapters: they are fresh, and whole."""

from __future__ import annotations

import tomllib

import handbook


def test_the_committed_chapters_are_what_would_be_made_now() -> None:
    assert handbook.problems() == []


def test_every_cause_and_the_rules_of_every_set_are_told() -> None:
    causes = (handbook.HANDBOOK / "causes.md").read_text(encoding="utf-8")
    codes = tomllib.loads(handbook.CAUSES.read_text(encoding="utf-8"))
    assert all(f"\n`{code}`\n" in causes for code in codes)
    rules = (handbook.HANDBOOK / "rules.md").read_text(encoding="utf-8")
    for ident in ("TLS-01", "SRV-01", "CLI-03", "KEY-01", "LST-01", "API-01", "chain.signature"):
        assert f"\n### {ident}\n" in rules, ident


def test_every_chapter_of_the_contents_is_there_and_no_other() -> None:
    contents = tomllib.loads((handbook.HANDBOOK / "contents.toml").read_text(encoding="utf-8"))
    assert sorted(contents["chapters"]) == sorted(file.stem for file in handbook.HANDBOOK.glob("*.md"))
