"""The gettext catalogue: every sentence of trustdesk, and its translations.

Runs with the project's own Python, which has Babel. The sentences come from `msg("…")`, `msg_n("…", "…")` and
the data files; the template and the translations' files are the same wherever and whenever they are made: no
dates, no line numbers, sorted. `--check` only says whether the committed ones are that, and complete.
"""

from __future__ import annotations

import io
import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from build_hook import compile_translations

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "resources" / "translations"
TEMPLATE = TRANSLATIONS / "trustdesk.pot"
DATA = ROOT / "resources" / "diagnosis"
SENTENCES = frozenset({"meaning", "remedy", "separate", "statement", "purpose"})
"""Keys of the data files whose texts people read."""

PLURALS = {
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
    ),
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "zh_CN": "nplurals=1; plural=0;",
}
"""The languages beside English, each with gettext's rule for its plural forms."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": (1,), "msg_n": (1, 2)}
_HEADER = """\
# The sentences of trustdesk. Made by: python3 packaging/dev.py catalogue
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
_MOST_TOLD = 20


def template(package: Path, data: Path) -> str:
    """Return the template of all modules below `package` and all files of `data`, with relative names."""
    return f"{_HEADER}\n{_text(template_catalog(package, data))}"


def template_catalog(package: Path, data: Path) -> Catalog:
    """Return the sentences of all modules below `package` and all files of `data`."""
    catalog = Catalog()
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=(),
        strip_comment_tags=False,
    )
    for path, _line, message, comments, context in found:
        place = (f"{package.name}/{Path(path).as_posix()}", 0)
        catalog.add(message, None, [place], auto_comments=comments, context=context)
    for file in sorted(data.glob("*.toml")):
        for sentence in sentences(tomllib.loads(file.read_text(encoding="utf-8"))):
            catalog.add(sentence, None, [(file.relative_to(data.parent.parent).as_posix(), 0)])
    return catalog


def translation(language: str, before: Catalog | None, sentences: Catalog) -> str:
    """Return a language's file: the sentences of the template, with the translations that are known.

    Args:
        language: one of `PLURALS`.
        before: what is translated already; None for nothing.
        sentences: the template's.
    """
    plurals = PLURALS[language]
    catalog = _empty(language)
    known = {_key(message): message for message in before or () if message.id}
    for message in sentences:
        if not message.id:
            continue
        place = known.get(_key(message))
        catalog.add(message.id, place.string if place else None, message.locations)
    header = f'{_HEADER}"Language: {language}\\n"\n"Plural-Forms: {plurals}\\n"\n\n'
    return header.replace("The sentences", f"The sentences in {language}", 1) + _text(catalog)


def read_translation(language: str) -> Catalog | None:
    """Return a language's committed translations; None when there are none."""
    file = translation_file(language)
    if not file.is_file():
        return None
    with file.open("rb") as text:
        return read_po(text)


def translation_file(language: str) -> Path:
    """Return where a language's translations lie."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "trustdesk.po"


def problems(catalog: Catalog) -> Iterator[str]:
    """Say which sentences have no translation, or one with other `{places}`."""
    for message in catalog:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        text = message.string or ""
        strings = [text] if isinstance(text, str) else list(text)
        wanted = places(ids[-1])
        for form in strings:
            if not form:
                yield f"not translated: {ids[0]}"
            # A form for exactly one or two may say the number in its word.
            elif not (places(form) == wanted or (len(ids) > 1 and places(form) == wanted - {"count"})):
                yield f"other {{places}} than {ids[0]}"


def places(sentence: str) -> set[str]:
    """Return the names of the places of a sentence; one that is broken has a place of that name."""
    try:
        return {
            name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None
        }
    except ValueError:
        return {"broken"}


def sentences(value: object) -> Iterator[str]:
    """Yield the texts under the keys of `SENTENCES`, however deep they lie."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in SENTENCES and isinstance(inner, str):
                yield inner
            else:
                yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)


def main(arguments: list[str]) -> int:
    """Write template and translations, or check them; 1 when they are not what the sources say."""
    catalog = template_catalog(ROOT / "trustdesk", DATA)
    texts = {TEMPLATE: f"{_HEADER}\n{_text(catalog)}"}
    wrong: list[str] = []
    for language in PLURALS:
        text = translation(language, read_translation(language), catalog)
        texts[translation_file(language)] = text
        found = list(problems(read_po(io.BytesIO(text.encode()))))
        wrong += [f"{language}: {problem}" for problem in found[:_MOST_TOLD]]
        if len(found) > _MOST_TOLD:
            wrong.append(f"{language}: and {len(found) - _MOST_TOLD} more")
    for line in wrong:
        print(line)
    if "--check" in arguments:
        stale = [file for file, text in texts.items() if not _says(file, text)]
        for file in stale:
            name = file.relative_to(ROOT)
            print(f"{name} is not what the sources say. Run: python3 packaging/dev.py catalogue")
        return 1 if stale or wrong else 0
    for file, text in texts.items():
        if not _says(file, text):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    compile_translations(TRANSLATIONS)
    return 0


def _says(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


def _empty(language: str) -> Catalog:
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n'
    return read_po(io.BytesIO(header.encode()), locale=None)


def _text(catalog: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return out.getvalue().decode("utf-8")


def _key(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
