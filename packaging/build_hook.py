"""Hatchling's build hook: translations are compiled, and what only translators need stays out of the wheel.

As a program it only compiles, for a checkout whose translations have changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Stands in the header of what is compiled: the same for the same source, whenever that is.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_SOURCES = frozenset({".po", ".pot"})


class TranslationsHook(BuildHookInterface[Any]):
    """Runs before a wheel is built, an editable one too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is older than its source; name the files of the wheel."""
        resources = Path(self.root, "resources")
        compile_translations(resources / "translations")
        if version == "standard":
            build_data["force_include"] |= {
                str(file): f"trustdesk/_resources/{file.relative_to(resources).as_posix()}"
                for file in sorted(resources.rglob("*"))
                if file.is_file() and file.suffix not in _SOURCES
            }


def compile_translations(folder: Path) -> None:
    """Write a `.mo` beside each `.po` below a folder that has none as new."""
    for source in sorted(folder.rglob("*.po")):
        compiled = source.with_suffix(".mo")
        newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
        if compiled.is_file() and compiled.stat().st_mtime >= newest:
            continue
        with source.open("rb") as text:
            catalog = read_po(text)
        catalog.creation_date = _NO_DATE
        for message in [one for one in catalog if one.id and not _is_translated(one)]:
            # gettext would say nothing where a form is empty; without the message it says it in English.
            catalog.delete(message.id)
        part = compiled.with_suffix(".part")
        with part.open("wb") as out:
            write_mo(out, catalog)
        # Programs that run read the old one to its end.
        part.replace(compiled)


def _is_translated(message: Message) -> bool:
    text = message.string or ""
    return bool(text) if isinstance(text, str) else all(text)


if __name__ == "__main__":
    compile_translations(Path(__file__).resolve().parent.parent / "resources" / "translations")
