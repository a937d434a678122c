"""What the page on our form shows does what it says: openssl and a JOSE tool sign, and we take it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support import list_samples, pki
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.storage.list_schema import trust_list_schema

PAGE = Path(__file__).parents[2] / "resources" / "schemas" / "README.md"


def block(language: str, beginning: str) -> str:
    """Return the code block of a language that begins so."""
    found: list[tuple[str, str]] = re.findall(
        r"^```(\w*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return next(code for named, code in found if named == language and code.startswith(beginning))


def office(folder: Path, kind: str) -> NamedSigner:
    """Write the signer's files and the list."""
    signer = list_samples.signer(kind)
    folder.joinpath("office.pem").write_bytes(signer.certificate.public_bytes(Encoding.PEM))
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    folder.joinpath("office.key").write_bytes(key)
    folder.joinpath("list.json").write_bytes(json_list(list_samples.full_list()))
    return NamedSigner(sha256=hashlib.sha256(signer.der).hexdigest())


def taken(source: ListBytes, signer: NamedSigner) -> bool:
    read = read_list(source, schema=trust_list_schema(), signers=[signer])
    return bool(read.entries) and read.authenticity.state is AuthenticityState.VERIFIED


@pytest.mark.skipif(sys.platform == "win32", reason="the page's lines are for a POSIX shell")
def test_openssl_signs_compact_and_detached(tmp_path: Path) -> None:
    signer = office(tmp_path, "RS256")
    subprocess.run(["bash", "-ec", block("", "b64url()")], cwd=tmp_path, check=True, capture_output=True)
    compact = (tmp_path / "list.jws").read_bytes()
    beside = (tmp_path / "list.json.jws").read_bytes()
    assert taken(ListBytes(place="list.jws", data=compact), signer)
    plain = (tmp_path / "list.json").read_bytes()
    assert taken(ListBytes(place="list.json", data=plain, signature=beside), signer)


def test_a_jose_tool_signs(tmp_path: Path) -> None:
    signer = office(tmp_path, "ES256")
    code = block("python", "from base64")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    assert taken(ListBytes(place="list.jws", data=(tmp_path / "list.jws").read_bytes()), signer)


def test_the_example_is_in_our_form() -> None:
    example = json.loads(block("json", "{"))
    certificate = pki.root().facts
    example["entries"][0]["certificate"] = {
        "der": b64encode(certificate.der).decode(),
        "sha256": certificate.sha256,
    }
    read = read_list(ListBytes(place="x", data=json.dumps(example).encode()), schema=trust_list_schema())
    assert (read.sequence, len(read.entries)) == (15, 1)
