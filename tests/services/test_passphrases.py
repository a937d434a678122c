"""Passphrases: made here, or strong enough."""

from __future__ import annotations

import pytest

from trustdesk.core.errors import UnusableInputError
from trustdesk.services.passphrases import (
    LETTERS,
    check_passphrase,
    check_vault_passphrase,
    generate_passphrase,
    strength_of,
)


def test_generated_ones_differ_have_no_look_alikes_and_are_strong() -> None:
    made = {generate_passphrase() for _ in range(200)}
    assert len(made) == 200
    for passphrase in made:
        assert [len(group) for group in passphrase.split("-")] == [5, 5, 5, 5]
        assert set(passphrase) <= {*LETTERS, "-"}
    assert not {*"0OoIl1i"} & {*LETTERS}
    assert strength_of(made.pop()).score == 4


@pytest.mark.parametrize(
    "weak",
    [
        "short1!",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "Schlüssel für die Luftfracht",
        "tab\there and more of it",
        " leading space and more",
        "x9Kq" * 40,
    ],
)
def test_weak_or_unportable_ones_are_refused_without_being_repeated(weak: str) -> None:
    assert strength_of(weak).problem is not None
    with pytest.raises(UnusableInputError) as caught:
        check_passphrase(weak)
    assert weak not in str(caught.value)
    assert weak not in repr((caught.value.problem, caught.value.remedy))


def test_names_that_an_attacker_tries_first_count_as_known() -> None:
    name = "Frobnitz Quuxcargo"
    assert strength_of(name).score > strength_of(name, [name]).score
    assert strength_of(name, [name]).problem is not None


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_one(missing: str | None) -> None:
    with pytest.raises(UnusableInputError, match="needs a passphrase"):
        check_passphrase(missing)


def test_words_that_do_not_belong_together() -> None:
    assert check_passphrase("orbit lentil cascade vowel") == "orbit lentil cascade vowel"
    assert strength_of("q7 " * 42).score == 0


@pytest.mark.parametrize("weak", ["", "x", "Xk4!q", "passwordpassword", "aaaaaaaaaaaaaaaa"])
def test_vault_takes_no_weak_one(weak: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        check_vault_passphrase(weak)
    assert not weak or weak not in repr((str(caught.value), caught.value.problem, caught.value.remedy))


def test_vault_takes_letters_that_other_programs_read_differently() -> None:
    assert check_vault_passphrase("Zürich fliegt été wieder 7") == "Zürich fliegt été wieder 7"
