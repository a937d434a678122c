"""The gettext template: every sentence of trustdesk, from `msg("…")`, `msg_n("…", "…")` and the data files.

Runs with the project's own Python, which has Babel. The template is the same wherever and whenever it is
made: no dates, no line numbers, sorted. `--check` only says whether the committed one is that.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "resources" / "translations" / "trustdesk.pot"
DATA = ROOT / "resources" / "diagnosis"
SENTENCES = frozenset({"meaning", "remedy", "separate", "statement", "purpose"})
"""Keys of the data files whose texts people read."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": (1,), "msg_n": (1, 2)}
_HEADER = """\
# The sentences of trustdesk. Made by: python3 packaging/dev.py catalogue
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def template(package: Path, data: Path) -> str:
    """Return the template of all modules below `package` and all files of `data`, with relative names."""
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
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return _HEADER + out.getvalue().decode("utf-8")


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
    """Write the template, or check it; 1 when it is not what the sources say."""
    text = template(ROOT / "trustdesk", DATA)
    if "--check" in arguments:
        if TEMPLATE.is_file() and TEMPLATE.read_text(encoding="utf-8") == text:
            return 0
        name = TEMPLATE.relative_to(ROOT)
        print(f"{name} is not what the sources say. Run: python3 packaging/dev.py catalogue")
        return 1
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
