"""Values that are made very often: frozen to the type checker, and values at run time."""

from __future__ import annotations

import pickle
from dataclasses import field, replace

from trustdesk.core.light_dataclass import light_dataclass


@light_dataclass(frozen=True, slots=True)
class Part:
    tag: int
    data: bytes = field(default=b"", repr=False)


def test_values_of_equal_fields_are_equal_and_hash_alike() -> None:
    assert Part(1, b"x") == Part(tag=1, data=b"x") != Part(2, b"x")
    assert {Part(1, b"x"), Part(1, b"x"), Part(2)} == {Part(1, b"x"), Part(2)}


def test_a_value_goes_through_replace_and_between_processes() -> None:
    changed = replace(Part(1, b"x"), tag=2)
    assert pickle.loads(pickle.dumps(changed)) == Part(2, b"x")  # noqa: S301 - our own bytes


def test_what_is_left_out_of_the_words_and_what_is_no_field() -> None:
    assert repr(Part(1, b"secret")) == "Part(tag=1)"
    assert not hasattr(Part(1), "__dict__")
