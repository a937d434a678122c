"""Every sentence of the rules and the explanations names the places that it is given, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import trustdesk

PACKAGE = Path(trustdesk.__file__).parent
MODULES = sorted(
    module
    for layer in ("formats", "verify", "diagnose")
    for module in (PACKAGE / layer).glob("*.py")
    if "msg" in module.read_text(encoding="utf-8")
)


def calls(module: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"msg", "msg_n"}
        ):
            yield node


@pytest.mark.parametrize("module", MODULES, ids=lambda module: f"{module.parent.name}/{module.name}")
def test_places_and_parameters_agree(module: Path) -> None:
    for call in calls(module):
        assert isinstance(call.func, ast.Name)
        sentences = call.args[:2] if call.func.id == "msg_n" else call.args[:1]
        given = {keyword.arg for keyword in call.keywords}
        if call.func.id == "msg_n":
            given |= {"count"}
        for sentence in sentences:
            assert isinstance(sentence, ast.Constant), f"line {call.lineno}: no literal sentence"
            places = {name for _, name, _, _ in Formatter().parse(str(sentence.value)) if name is not None}
            assert places == given, f"line {call.lineno}"
