"""The handbook's chapters, read from the files that come with the program."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage.resources import resource_folder

_HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|[*`#|\\]")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a chapter with what stands below it.

    Attributes:
        level: 1 for the chapter's own.
        words: the text below it as it is searched, lower case.
    """

    chapter: str
    title: str
    level: int
    words: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file.

    Attributes:
        name: of the file, without its ending.
        text: Markdown.
        sections: in their order, that of the chapter first.
    """

    name: str
    title: str
    text: str
    sections: tuple[Section, ...]


def handbook_folder() -> Path:
    """Return where the chapters and their pictures lie."""
    return resource_folder() / "handbook"


@cache
def read_handbook() -> tuple[Chapter, ...]:
    """Return the chapters in their order.

    Raises:
        EnvironmentFailureError: the installation is incomplete.
    """
    folder = handbook_folder()
    try:
        names = tomllib.loads((folder / "contents.toml").read_text(encoding="utf-8"))["chapters"]
        return tuple(_chapter(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in names)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise EnvironmentFailureError(
            msg("The handbook is missing."), remedy=msg("Install trustdesk again."), place=str(folder)
        ) from error


def find(chapters: tuple[Chapter, ...], words: str) -> tuple[Section, ...]:
    """Return the sections that have all of these words: those with all in the title first."""
    wanted = words.casefold().split()
    found = [
        section
        for chapter in chapters
        for section in chapter.sections
        if all(word in section.words for word in wanted)
    ]
    return tuple(sorted(found, key=lambda one: not all(word in one.title.casefold() for word in wanted)))


def plain(markdown: str) -> str:
    """Return a line of Markdown without its marks."""
    return _MARKS.sub("", markdown).strip()


def _chapter(name: str, text: str) -> Chapter:
    heads = list(_HEADING.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    sections = tuple(
        Section(name, plain(head[2]), len(head[1]), plain(text[head.start() : end]).casefold())
        for head, end in zip(heads, ends, strict=True)
    )
    return Chapter(name, sections[0].title, text, sections)
