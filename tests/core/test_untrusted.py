"""Foreign text: what is shown is bounded and every character of it can be seen."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.core.untrusted import MAX_SHOWN, visible


def test_bidirectional_and_control_characters_are_spelled_out() -> None:
    assert visible("a\u202eb\x1b[31m\u200b\n") == r"a\u202eb\x1b[31m\u200b\x0a"


def test_markup_stays_text() -> None:
    assert visible("<script>") == "<script>"


def test_a_long_text_says_how_long_it_is() -> None:
    shown = visible("x" * 10_000)
    assert shown.endswith("(10000 characters)")
    assert len(shown) < MAX_SHOWN + 40


def test_combining_marks_do_not_pile_up() -> None:
    assert len(visible("e" + "\u0301" * 100)) == 3


@given(st.text(alphabet=st.characters()))
def test_nothing_invisible_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in shown)
    assert len(shown) <= MAX_SHOWN * 10
