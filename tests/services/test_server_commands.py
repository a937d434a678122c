"""The lines for a server do what they say: the real openssl and keytool make the request with them."""

from __future__ import annotations

import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.drafts import EVENTS, MAIN, client_draft, free_draft, server_draft
from trustdesk.core.certificate_request import RequestDraft, ServerCommand
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import KeyKind
from trustdesk.formats.request import read_request
from trustdesk.formats.request_writing import read_unsigned
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_preflight import preflight_request
from trustdesk.services.server_commands import server_commands

AT = datetime(2026, 11, 20, tzinfo=UTC)
STORE_PASSWORD = "only for this test"

ODD = (
    client_draft("https://1r.halden.example/H,A+C;=$'()!*&", name='it\'s; rm -rf $HOME `x` \\ "q"'),
    server_draft("häfen.example", name="../../etc/passwd"),
    free_draft('CN=\\#a\\,b\\+c\\"d\\\\e\\<f\\>\\;g=h $i\\ ,O=Å  ø,1.2.3.4=x,O=second,C=DE', "DNS:a.example"),
    free_draft("CN=a+OU=b", "URI:https://a.example/,x", "IP:192.0.2.1", "email:a@b.example"),
    free_draft("CN=\\# $x 'y'", 'URI:https://a.example/a b"c\\d$e#f', extended_key_usage=("1.2.3.4",)),
    free_draft("", "IP:2001:db8::1", key_usage=("nonRepudiation", "keyAgreement", "encipherOnly")),
    free_draft("CN=nothing else", key_usage=()),
)


def made(command: ServerCommand, folder: Path) -> CsrFacts:
    """Do what the command says in a shell, and read the request that it made."""
    for name, text in command.files:
        folder.joinpath(name).write_text(text, encoding="utf-8")
    for line in command.lines:
        subprocess.run(
            ["sh", "-c", line],
            cwd=folder,
            input=f"{STORE_PASSWORD}\n{STORE_PASSWORD}\n".encode(),
            capture_output=True,
            check=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )
    (file,) = folder.glob("*.csr")
    done = subprocess.run(
        ["openssl", "req", "-in", file, "-verify", "-outform", "DER"], capture_output=True, check=True
    )
    return read_request(done.stdout)


def in_both_tools(draft: RequestDraft, folder: Path) -> list[CsrFacts]:
    requests = []
    for command in server_commands(draft):
        place = folder / command.tool
        place.mkdir(parents=True)
        requests.append(made(command, place))
    return requests


def require_as_asked(csr: CsrFacts, draft: RequestDraft) -> None:
    shown = read_unsigned(asked_for(draft))
    for field in (
        "subject",
        "key_algorithm",
        "key_bits",
        "curve",
        "signature_algorithm",
        "subject_alt_names",
        "key_usage",
        "extended_key_usage",
        "attributes",
    ):
        assert getattr(csr, field) == getattr(shown, field), field
    criticality = {one.oid: one.critical for one in csr.extensions}
    for extension in shown.extensions:
        assert criticality[extension.oid] == extension.critical, extension.name
    assert csr.signature_valid is True


# keytool needs a second and more for an RSA key: the gate makes them.
_KEYS = [pytest.param(key, marks=() if key is KeyKind.P256 else pytest.mark.exhaustive) for key in KeyKind]


@pytest.mark.parametrize("key", _KEYS)
@pytest.mark.parametrize(
    "draft",
    [client_draft, lambda **keywords: server_draft(one_record_ids=(MAIN, EVENTS), **keywords)],
    ids=["client", "server"],
)
def test_request_of_either_tool_passes_the_preflight(draft: type, key: KeyKind, tmp_path: Path) -> None:
    wanted = draft(key=key)
    for csr in in_both_tools(wanted, tmp_path):
        require_as_asked(csr, wanted)
        found = {one.rule: one.status for one in preflight_request(csr, wanted.purpose, (), at=AT)}
        assert [rule for rule in found if found[rule] in {FindingStatus.WARN, FindingStatus.FAIL}] == []
        assert found["CSR-1"] is FindingStatus.PASS


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param(one, marks=pytest.mark.exhaustive if 0 < n < len(ODD) - 1 else ())
        for n, one in enumerate(ODD)
    ],
)
def test_odd_names_reach_the_request_as_they_are(draft: RequestDraft, tmp_path: Path) -> None:
    for csr in in_both_tools(draft, tmp_path):
        require_as_asked(csr, draft)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=15
    ),
    path=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
)
def test_any_name_reaches_openssl_as_it_is(
    value: str, path: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from trustdesk.formats.distinguished_name import common_name_text

    draft = free_draft(common_name_text(value), f"URI:https://a.example/{path}.")
    try:
        openssl, _ = server_commands(draft)
    except UnusableInputError:
        return
    require_as_asked(made(openssl, tmp_path_factory.mktemp("openssl")), draft)


@given(st.text(max_size=30), st.text(max_size=30))
def test_lines_name_only_files_beside_them(name: str, subject: str) -> None:
    try:
        commands = server_commands(free_draft(subject, name=name) if subject else client_draft(name=name))
    except UnusableInputError:
        return
    for command in commands:
        for line in command.lines:
            words = shlex.split(line)
            assert words[0] == command.tool
            assert line.isascii()
            for option in {"-out", "-config", "-key", "-keystore", "-file"} & set(words):
                file = words[words.index(option) + 1]
                assert file.strip("abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
                assert not file.startswith((".", "-"))


def test_no_line_holds_a_password() -> None:
    for command in server_commands(client_draft()):
        assert not any(word in line for line in command.lines for word in ("pass", "nodes", "noenc"))


def test_draft_with_an_obstacle_has_no_lines() -> None:
    with pytest.raises(UnusableInputError):
        server_commands(client_draft("https://1r.halden.example/HAC/osl"))
