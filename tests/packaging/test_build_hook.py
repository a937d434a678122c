"""The build hook: the same translations compile to the same octets at any time."""

from __future__ import annotations

import re
from pathlib import Path

from build_hook import compile_translations

SOURCE = (
    'msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "Open"\nmsgstr "Öffnen"\n\nmsgid "Close"\nmsgstr ""\n'
)


def test_compiled_translation_holds_what_is_translated_and_not_the_day_that_it_was_made(
    tmp_path: Path,
) -> None:
    source = tmp_path / "de" / "LC_MESSAGES" / "trustdesk.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")

    compile_translations(tmp_path)

    made = source.with_suffix(".mo").read_bytes()
    assert "Öffnen".encode() in made
    assert b"Close" not in made
    assert re.findall(rb"\d{4}-\d\d-\d\d \d\d:\d\d", made) == [b"2026-01-01 00:00"]
