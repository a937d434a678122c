"""The P12 doctor: what each bag is, how it is protected, who opens it, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import pki
from tests.support.key_files import (
    OPENSSL_1_0_STYLE,
    PASSWORD,
    WINDOWS_STYLE,
    openssl_p12,
)
from tests.support.pki import Issued
from tests.support.reader_files import with_indefinite_lengths
from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.identity import ExportProfile, Opener, P12Diagnosis
from trustdesk.core.inspection import Protection
from trustdesk.formats.files import read_credential
from trustdesk.formats.pkcs12_writing import write_pkcs12
from trustdesk.services.p12_doctor import diagnose_p12, reexport_p12
from trustdesk.services.p12_openers import P12Facts, openers
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.wording import wording

PASSPHRASE = "k7Qm2-Rt5Vw-x9Zaa-B3cDe"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
say = wording("en").text


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


@cache
def written(profile: ExportProfile) -> bytes:
    leaf, middle, _ = path()
    return write_pkcs12(leaf.key, [leaf.der, middle.der], name="mine", passphrase=PASSPHRASE, profile=profile)


def opening(diagnosis: P12Diagnosis) -> dict[str, bool | None]:
    return {one.program: one.opens for one in diagnosis.openers}


def ids(diagnosis: P12Diagnosis) -> list[str]:
    return [one.id for one in diagnosis.advice]


def test_modern_profile() -> None:
    diagnosis = diagnose_p12(written(ExportProfile.MODERN), "f.p12", PASSPHRASE)
    assert diagnosis.opened
    assert diagnosis.mac is not None
    assert say(diagnosis.mac) == "SHA-256 (PKCS#12, 600,000 rounds)"
    aes = "PBES2 AES-256-CBC (PBKDF2 SHA-256, 600,000 rounds)"
    assert [(say(bag.what), bag.alias, say(bag.protection), bag.problem) for bag in diagnosis.bags] == [
        ("Private key of CN=ACME", "mine", aes, None),
        ("Certificate CN=ACME", "mine", aes, None),
        ("Certificate CN=Issuing", None, aes, None),
    ]
    assert opening(diagnosis) == {
        "OpenSSL 3": True,
        "OpenSSL 3 (-legacy)": True,
        "OpenSSL 1.0.2, 1.1.1": True,
        "Java 8 (< 8u301), Java 11 (< 11.0.12)": False,
        "Java 8u301, 11.0.12": True,
        "Java 17": True,
        "Windows Server 2016": False,
        "Windows Server 2019": True,
        ".NET 9": False,
        "macOS": False,
        "Firefox, NSS": True,
    }
    assert [text[:12] for text in ids(diagnosis)] == ["For Windows "]


def test_compatible_profile_opens_everywhere_and_is_called_old() -> None:
    diagnosis = diagnose_p12(written(ExportProfile.COMPATIBLE), "f.p12", PASSPHRASE)
    assert set(opening(diagnosis).values()) == {True}
    (advice,) = diagnosis.advice
    assert say(advice).startswith("It uses PBE-SHA1-3DES, SHA-1 MAC: export it again with the modern profile")


@needs_openssl
def test_old_openssl_and_what_refuses_it(tmp_path: Path) -> None:
    leaf, middle, _ = path()
    data = openssl_p12(tmp_path, leaf, middle, options=OPENSSL_1_0_STYLE)
    diagnosis = diagnose_p12(data, "f.p12", PASSWORD)
    found = opening(diagnosis)
    assert [name for name, opens in found.items() if opens is False] == ["OpenSSL 3"]
    why = next(one.why for one in diagnosis.openers if one.program == "OpenSSL 3")
    assert say(why) == "It does not read PBE-SHA1-RC2-40."
    assert "Its password is guessed quickly: {count} round where 600,000 are the custom." in ids(diagnosis)
    assert {say(bag.protection) for bag in diagnosis.bags} == {
        "PBE-SHA1-RC2-40 (2,048 rounds)",
        "PBE-SHA1-3DES (2,048 rounds)",
    }


@needs_openssl
def test_closed_file_tells_what_lies_open_and_promises_nothing(tmp_path: Path) -> None:
    data = openssl_p12(tmp_path, path()[0], options=WINDOWS_STYLE)
    for password in (None, "wrong"):
        diagnosis = diagnose_p12(data, "f.p12", password)
        assert not diagnosis.opened
        assert [say(bag.what) for bag in diagnosis.bags] == ["Private key"]
        assert all(bag.problem is None for bag in diagnosis.bags)
        assert True not in opening(diagnosis).values()
        assert "give the password" in say(diagnosis.advice[1])


@needs_openssl
@pytest.mark.parametrize(
    ("options", "bag", "word"),
    [
        (("-keypbe", "NONE"), "none: it lies open", "No passphrase protects"),
        (("-nomac",), "PBES2", "Nothing proves that nobody changed"),
    ],
)
def test_missing_protection(options: Sequence[str], bag: str, word: str, tmp_path: Path) -> None:
    diagnosis = diagnose_p12(openssl_p12(tmp_path, path()[0], options=options), "f.p12", PASSWORD)
    key = next(one for one in diagnosis.bags if say(one.what).startswith("Private key"))
    assert say(key.protection).startswith(bag)
    assert any(say(one).startswith(word) for one in diagnosis.advice)


def test_strangers_and_missing_issuers_are_named() -> None:
    leaf = path()[0]
    stranger = diagnose_p12(leaf.pkcs12(PASSPHRASE, pki.root("Stranger")), "f.p12", PASSPHRASE)
    problems = [None if bag.problem is None else say(bag.problem) for bag in stranger.bags]
    assert problems == [None, None, "It belongs neither to a private key in the file nor to its chain."]
    assert any("issuer {issuer} is not in it" in text for text in ids(stranger))


def test_empty_password_protects_nothing() -> None:
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    leaf = path()[0]
    data = pkcs12.serialize_key_and_certificates(b"a", leaf.key, leaf.certificate, None, NoEncryption())
    assert any(text.startswith("No passphrase protects") for text in ids(diagnose_p12(data, "f.p12")))


def test_ber_is_read_and_said() -> None:
    data = with_indefinite_lengths(written(ExportProfile.COMPATIBLE))
    diagnosis = diagnose_p12(data, "f.p12", PASSPHRASE)
    assert diagnosis.opened
    assert opening(diagnosis)["macOS"] is None
    assert "BER" in say(diagnosis.advice[0])


@pytest.mark.parametrize("data", [b"", b"text", b"\x30\x00"])
def test_something_else_is_called_what_it_is(data: bytes) -> None:
    with pytest.raises(UnusableInputError, match=r"no PKCS#12 file"):
        diagnose_p12(data, "f")


@given(st.data())
@settings(max_examples=60)
def test_damaged_files_are_told_and_never_promise(data: st.DataObject) -> None:
    whole = bytearray(path()[0].pkcs12(None, path()[1]))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        diagnosis = diagnose_p12(bytes(whole), "f", PASSPHRASE)
    except UnusableInputError:
        return
    assert len(diagnosis.openers) == 11
    if not diagnosis.opened:
        assert True not in opening(diagnosis).values()


# --- openers ----------------------------------------------------------------------------------------------


def facts(cipher: str, mac: str | None, *, derivation: str | None = None, rounds: int = 2048) -> P12Facts:
    part = Protection(cipher=cipher, derivation=derivation, rounds=rounds)
    return P12Facts(
        parts=(part,),
        mac=None if mac is None else Protection(cipher=mac, derivation="PKCS#12", rounds=rounds),
        is_whole=True,
    )


def verdicts(given_facts: P12Facts) -> dict[str, Opener]:
    return {one.program: one for one in openers(given_facts)}


def test_what_nobody_knows_is_no_yes() -> None:
    for unknown in (facts("1.2.3.4", "SHA-1"), facts("PBE-SHA1-3DES", "1.2.3.4"), facts("?", "?")):
        assert all(one.opens is None for one in openers(unknown) if one.program != "Java 17")
        assert True not in {one.opens for one in openers(unknown)}


def test_pbmac1_and_scrypt() -> None:
    found = verdicts(facts("PBES2 AES-256-CBC", "PBMAC1 SHA-256", derivation="PBKDF2 SHA-256"))
    assert found["Java 17"].opens is False
    assert found["OpenSSL 3"].opens is None
    assert say(found["OpenSSL 3"].why) == "It reads PBMAC1 from version 3.4 on."
    assert verdicts(facts("PBES2 AES-256-CBC", "SHA-256", derivation="scrypt"))["Java 17"].opens is False


def test_too_many_rounds_for_java_and_dotnet() -> None:
    found = verdicts(facts("PBES2 AES-256-CBC", "SHA-256", rounds=6_000_000))
    assert found["Java 17"].opens is False
    assert say(found["Java 17"].why) == "It takes at most 5000000 rounds."
    assert found[".NET 9"].opens is False
    assert found["OpenSSL 3"].opens is True


# --- anew -------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive
@needs_openssl
def test_old_file_is_written_anew(tmp_path: Path) -> None:
    leaf, middle, _ = path()
    old = openssl_p12(tmp_path, leaf, middle, options=OPENSSL_1_0_STYLE)
    new = tmp_path / "new.p12"
    made = reexport_p12(old, "old.p12", PASSWORD, new, profile=ExportProfile.MODERN, passphrase=PASSPHRASE)
    assert made.holds.count == 2
    diagnosis = diagnose_p12(new.read_bytes(), "new.p12", PASSPHRASE)
    assert opening(diagnosis)["OpenSSL 3"] is True
    assert {bag.alias for bag in diagnosis.bags} == {"mine", None}
    credential = read_credential(new.read_bytes(), "new", password=lambda: PASSPHRASE)
    assert credential.certification_path == (leaf.der, middle.der)


def test_file_that_stays_closed_is_not_written_anew(tmp_path: Path) -> None:
    new = tmp_path / "new.p12"
    with pytest.raises(WrongPasswordError):
        reexport_p12(
            path()[0].pkcs12(PASSPHRASE),
            "f",
            "wrong",
            new,
            profile=ExportProfile.MODERN,
            passphrase=PASSPHRASE,
        )
    assert not new.exists()


# --- in the reading process -------------------------------------------------------------------------------


@pytest.fixture
def reading() -> Iterator[ReadingService]:
    service = ReadingService()
    yield service
    service.close()


def test_reading_process_examines_it(reading: ReadingService) -> None:
    data = written(ExportProfile.COMPATIBLE)
    assert reading.diagnose_p12(Bytes("f.p12", data), PASSPHRASE) == diagnose_p12(data, "f.p12", PASSPHRASE)
    with pytest.raises(UnusableInputError, match=r"no PKCS#12 file") as caught:
        reading.diagnose_p12(Bytes("f.p12", b"text"))
    assert caught.value.remedy.id == "Name a file that ends in .p12 or .pfx."
