"""The support bundle: what is in it, and that a secret never is."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from tests.support.diagnoses import CLIENT, diagnosis
from trustdesk.core.message import msg
from trustdesk.core.proxy import parse_proxy
from trustdesk.services.ladder_text import ladder_text
from trustdesk.services.support_bundle import bundle_bytes, bundle_files
from trustdesk.services.wording import wording

SAY = wording("en").text
TRADITIONAL = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123ABCD\n\n"
    "MIIEowIBAAKCAQEA7\nAAAA+/==\n-----END RSA PRIVATE KEY-----"
)
SECRETS = [
    ("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nxYz0Qq+7\n-----END PRIVATE KEY-----", "MIGHAgEAMBMG"),
    ("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nxYz0Qq+7\n-----END PRIVATE KEY-----", "xYz0Qq+7"),
    (TRADITIONAL, "ENCRYPTED"),
    (TRADITIONAL, "0123ABCD"),
    (TRADITIONAL, "MIIEowIBAAKCAQEA7"),
    (TRADITIONAL, "AAAA+/=="),
    (TRADITIONAL, "END RSA"),
    (TRADITIONAL.replace("\n", "\r\n"), "MIIEowIBAAKCAQEA7"),
    ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "BEGIN ENCRYPTED"),
    ("-----BEGIN RSA PRIVATE KEY-----", "BEGIN RSA"),
    ("Authorization: Basic YW5uOnMzY3JldA==", "YW5uOnMzY3JldA"),
    ("bearer abcdefgh12345678", "abcdefgh12345678"),
    ("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0aaaa.c2ln", "eyJhbGciOiJSUzI1NiJ9"),
    ("CLIENT_TRAFFIC_SECRET_0 00ff 11ee", "00ff 11ee"),
    ("CLIENT_RANDOM 00ff 11ee", "00ff 11ee"),
    ("CLIENT_EARLY_TRAFFIC_SECRET 00ff 11ee", "00ff 11ee"),
    ("SERVER_HANDSHAKE_TRAFFIC_SECRET 00ff 11ee", "00ff 11ee"),
    ("EXPORTER_SECRET 00ff 11ee", "00ff 11ee"),
    ("EARLY_EXPORTER_SECRET 00ff 11ee", "00ff 11ee"),
    ('{"authorization": "Basic YW5uOnMzY3JldA=="}', "YW5uOnMzY3JldA"),
    (r"{\"Authorization\":\"Basic YW5uOnMzY3JldA==\"}", "YW5uOnMzY3JldA"),
    ("{'proxy-authorization': 'Basic YW5uOnMzY3JldA=='}", "YW5uOnMzY3JldA"),
    ("Cookie: session=abcdef0123; other=4567fedc", "abcdef0123"),
    ("Cookie: session=abcdef0123; other=4567fedc", "4567fedc"),
    ("Set-Cookie: session=abcdef0123; Path=/; HttpOnly", "abcdef0123"),
    ('set-cookie: session="abcdef0123"; Path=/', "abcdef0123"),
    ('{"Set-Cookie": "session=abcdef0123"}', "abcdef0123"),
    ("http://ann:s3cret@proxy.example:3128", "s3cret"),
    ("https://ann:s3cr@t@proxy.example/", "s3cr"),
]


def test_everything_about_the_diagnosis_is_in_it() -> None:
    names = [file.name for file in bundle_files(diagnosis(), SAY, client=CLIENT)]
    assert names == [
        "READ-ME.txt",
        "diagnosis.json",
        "letter.txt",
        "commands.txt",
        "probes/P1.json",
        "probes/P1.txt",
        "probes/P2.json",
        "probes/P2.txt",
        "certificates/server-chain.pem",
        "certificates/client.pem",
        "versions.txt",
    ]


def test_a_timeline_is_told_in_the_words_of_the_ladder() -> None:
    given = diagnosis()
    texts = {file.name: file.text for file in bundle_files(given, SAY, client=CLIENT)}
    for probe in given.probes:
        assert texts[f"probes/{probe.id}.txt"] == ladder_text(probe.report.record)


def test_what_is_previewed_is_what_is_saved() -> None:
    files = bundle_files(diagnosis(), SAY, client=CLIENT)
    with zipfile.ZipFile(io.BytesIO(bundle_bytes(files))) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            file.name: file.text for file in files
        }
        document = json.loads(archive.read("diagnosis.json"))
    assert document["schema"] == "trustdesk.diagnosis/1"
    assert document["hypotheses"][0]["evidence"] == [
        "P1: Alert unknown_ca came back.",
        "Our certificate is valid.",
    ]
    assert bundle_bytes(files) == bundle_bytes(files)


def test_nothing_of_a_peer_is_a_control_character() -> None:
    text = "".join(file.text for file in bundle_files(diagnosis(), SAY))
    assert not {letter for letter in text if ord(letter) < 32} - {"\n"}
    assert "\u202e" not in text


def test_proxy_is_named_without_its_password() -> None:
    proxy = parse_proxy("http://ann:s3cret@proxy.example:3128")
    text = "".join(file.text for file in bundle_files(diagnosis(), SAY, proxy=proxy))
    assert "proxy.example:3128" in text
    assert "s3cret" not in text


@pytest.mark.parametrize(("secret", "part"), SECRETS)
@pytest.mark.parametrize("quote", ["{secret}", 'before "{secret}" after \\ and {secret}'])
def test_what_looks_like_a_secret_is_left_out_and_the_rest_stays(secret: str, part: str, quote: str) -> None:
    given = diagnosis()
    leaking = replace(given.hypotheses[0], statement=msg(quote, secret=secret))
    files = {
        file.name: file.text
        for file in bundle_files(replace(given, hypotheses=(leaking,)), SAY, client=CLIENT)
    }
    assert part not in "".join(files.values())
    statement = json.loads(files["diagnosis.json"])["hypotheses"][0]["statement"]
    assert "[left out: it looks like a secret]" in statement
    assert statement.startswith("before") == quote.startswith("before")
    assert files["certificates/client.pem"] in "".join(
        file.text for file in bundle_files(given, SAY, client=CLIENT)
    )


@pytest.mark.parametrize(
    "harmless",
    [
        'Bearer realm="partner.example"',
        "https://partner.example/ann@example",
        "It sets a cookie",
        'Bearer authorization_uri="https://login.example/authorize"',
        "WWW-Authenticate: Bearer",
        "A bearer of news",
    ],
)
def test_what_a_server_asks_for_is_no_secret(harmless: str) -> None:
    given = diagnosis()
    asked = replace(given.hypotheses[0], statement=msg("It says {text}", text=harmless))
    files = bundle_files(replace(given, hypotheses=(asked,)), SAY)
    assert json.loads(files[1].text)["hypotheses"][0]["statement"] == f"It says {harmless}"
