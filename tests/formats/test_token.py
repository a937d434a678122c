"""Tokens taken apart: what is one, what is none, and that nothing of them is left."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import tokens
from tests.support.tokens import part, token
from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.token import (
    MAX_TOKEN,
    base64url_bytes,
    base64url_text,
    read_token,
    shown,
)
from trustdesk.services.wording import wording

GOOD = token()
HEAD, BODY, SIGNATURE = GOOD.split(".")


def problem(text: str) -> str:
    read = read_token(text)
    assert read.problem is not None
    return wording("en").text(read.problem)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"  {GOOD}\r\n",
        f"Bearer {GOOD}",
        f"Authorization: Bearer {GOOD}\n",
        f'"{GOOD}"',
        f"{HEAD}.\n  {BODY}.\n{SIGNATURE}",
        f"{HEAD}.{BODY[:20]}\r\n{BODY[20:]}.{SIGNATURE}",
    ],
)
def test_what_stands_around_a_token_is_taken_away(text: str) -> None:
    read = read_token(text)
    assert read.problem is None
    assert read.signing_input == f"{HEAD}.{BODY}".encode()
    assert read.signature == base64url_bytes(SIGNATURE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no token"),
        (" \n", "no token"),
        ("Bearer ", "no token"),
        (f"{GOOD} {GOOD}", "more than one"),
        (f"{GOOD}\n{token(sub='x')}", "more than one"),
        (f"Bearer {GOOD} Bearer {GOOD}", "more than one"),
        ("x" * (MAX_TOKEN + 1), "too many"),
    ],
)
def test_what_is_no_single_token_is_refused_and_not_quoted(text: str, words: str) -> None:
    with pytest.raises(UnusableInputError) as raised:
        read_token(text)
    said = wording("en").text(raised.value.problem)
    assert words in said
    assert HEAD not in said + str(raised.value)


def test_an_encrypted_token_is_said_to_be_one() -> None:
    jwe = f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.AAAA.BBBB.CCCC.DDDD"
    assert "encrypted (JWE)" in problem(jwe)
    read = read_token(jwe)
    assert read.parts == 5
    assert shown(read.header) == (("alg", "RSA-OAEP"), ("enc", "A256GCM"))
    assert read.claims is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "1 parts"),
        ("a.b", "2 parts"),
        ("a.b.c.d", "4 parts"),
        (f"{HEAD}=.{BODY}.{SIGNATURE}", "header cannot be read"),
        (f"{HEAD}.{BODY}=.{SIGNATURE}", "claims cannot be read"),
        (f"{HEAD}.{BODY}.{SIGNATURE}=", "signature is not base64url"),
        (f"{HEAD}.{BODY}.+/AA", "signature is not base64url"),
        # Spare bits set: other text, same bytes.
        (f"{HEAD}.{BODY}.AB", "signature is not base64url"),
        (f"{part('[]')}.{BODY}.{SIGNATURE}", "no JSON object"),
        (f"{HEAD}.{part('null')}.{SIGNATURE}", "no JSON object"),
        ("..", "header cannot be read"),
    ],
)
def test_what_is_wrong_with_the_form_is_said(text: str, words: str) -> None:
    assert words in problem(text)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (b"{", "no JSON"),
        (b"{} {}", "no JSON"),
        (b'{"exp":1,"exp":2}', "exp stands twice"),
        (b'{"a":{"b":1,"b":1}}', "b stands twice"),
        (b'{"exp":NaN}', "NaN"),
        (b'{"exp":-Infinity}', "Infinity"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "too deep"),
        (b'{"a":' + b"[" * 20000, "too deep"),
        (b'{"exp":' + b"9" * 5000 + b"}", "digits"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "no JSON"),
    ],
)
def test_claims_have_one_meaning(claims: bytes, words: str) -> None:
    assert words in problem(f"{HEAD}.{base64url_text(claims)}.{SIGNATURE}")


def test_brackets_within_texts_are_no_depth() -> None:
    assert read_token(f"{HEAD}.{part({'a': '[{' * 50})}.{SIGNATURE}").problem is None


def test_what_may_be_shown_holds_no_token_and_is_bounded() -> None:
    many: dict[str, Any] = {f"c{at}": at for at in range(90)}
    read = read_token(token(act=GOOD, list=[{"id": GOOD}], long="x" * 5000, **many))
    said = str(shown(read.claims)) + str(shown(read.header)) + repr(read)
    assert HEAD not in said
    assert BODY not in said
    assert SIGNATURE not in said
    assert len(said) < 20000
    assert ("iss", tokens.ISSUER) in shown(read.claims)


@given(st.text(max_size=200) | st.text(alphabet="eyJ.-_ABab01=+/ \n", max_size=200))
def test_any_text_is_a_reading_or_refused(text: str) -> None:
    try:
        read = read_token(text)
    except UnusableInputError:
        return
    assert read.parts >= 1


@given(st.binary(max_size=100))
def test_base64url_goes_there_and_back(data: bytes) -> None:
    assert base64url_bytes(base64url_text(data)) == data
