"""No word of the window stands outside the catalogue: what widgets show is made by `say`, or has none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import trustdesk.gui

GUI = Path(trustdesk.gui.__file__).parent
TAKES_WORDS = frozenset(
    {
        "Button", "Paragraph", "QAction", "QCheckBox", "QGroupBox", "QLabel", "QPushButton", "QRadioButton",
        "QToolButton", "Text", "addAction", "addItem", "addTab", "appendPlainText", "drawText", "elidedText",
        "insertPlainText", "say_done", "setAccessibleDescription", "setAccessibleName", "setHtml",
        "setInformativeText", "setLabelText", "setPlaceholderText", "setPlainText", "setPrefix",
        "setSpecialValueText", "setStatusTip", "setSuffix", "setText", "setTitle", "setToolTip",
        "setWhatsThis", "setWindowTitle", "show_as",
    }
)  # fmt: skip
NO_WORDS = re.compile(r"trustdesk|</?span>|https://\S*|SHA-256|Ctrl\+\S|Esc")
"""Names, markup, addresses and keys, which are the same in every language."""


def words_in(call: ast.Call) -> Iterator[str]:
    for argument in call.args:
        for part in literals(argument):
            if re.search(r"[a-z]{3}", NO_WORDS.sub("", part)):
                yield part


def literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield from (
                one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)
        case ast.BinOp(left=left, right=right):
            yield from literals(left)
            yield from literals(right)
        case _:
            return


def untranslated(source: str) -> list[str]:
    tokens = {"text", "text2", "text3", "good", "bad", "warning", "unknown", "accent"}
    return [
        text
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and _name(node.func) in TAKES_WORDS
        for text in words_in(node)
        if text not in tokens
    ]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_the_window_says_nothing_that_is_not_in_the_catalogue() -> None:
    found = {
        file.relative_to(GUI).as_posix(): untranslated(file.read_text("utf-8")) for file in GUI.rglob("*.py")
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_sentence_outside_the_catalogue_is_found() -> None:
    source = 'label.setText("Not run")\nQLabel(f"{n} days")\nText("–" if x else "none")\n'
    assert untranslated(source) == ["Not run", " days", "none"]
    assert untranslated('QLabel(say(msg("Fine")))') == []
