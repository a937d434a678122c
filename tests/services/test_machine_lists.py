"""The lists that are on a machine without being imported, and what they say of clients: nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import list_samples as samples
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.trust_entry import AnchorMode, EntryStatus, Usage
from trustdesk.core.trust_version import AuthenticityState, Endorsement, SourceKind
from trustdesk.formats.list_source import ListBytes
from trustdesk.services import machine_lists
from trustdesk.services.machine_lists import certifi_content, content_of_source, system_content
from trustdesk.services.windows_stores import windows_content

SERVERS = frozenset({Usage.TLS_SERVER})
SERVER_AUTH, CODE_SIGNING = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3"
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def test_certifis_list_is_for_servers_and_no_iata_list() -> None:
    found = certifi_content()
    assert found.kind is SourceKind.CERTIFI
    assert len(found.content.entries) > 50
    assert {entry.usages for entry in found.content.entries} == {SERVERS}
    assert found.content.endorsement is Endorsement.BROWSER
    assert found.content.authenticity.state is AuthenticityState.UNSIGNED
    assert any("not IATA's" in remark.id for remark in found.content.remarks)


def test_the_first_place_that_is_there_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, anchors = tmp_path / "bundle.pem", tmp_path / "certs"
    anchors.mkdir()
    (anchors / "a1b2c3d4.0").write_bytes(samples.root("Second").pem)
    (anchors / "README").write_text("hashed")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(machine_lists, "_linux_places", lambda: (bundle, anchors))
    of_folder = system_content()
    assert [entry.sha256 for entry in of_folder.content.entries] == [samples.root("Second").sha256]
    assert of_folder.place == str(anchors)
    bundle.write_bytes(samples.root().pem)
    of_file = system_content()
    assert [entry.sha256 for entry in of_file.content.entries] == [samples.root().sha256]
    assert of_file.content.entries[0].usages == SERVERS
    assert of_file.kind is SourceKind.SYSTEM


def test_a_machine_without_a_store_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(machine_lists, "_linux_places", lambda: (tmp_path / "none",))
    with pytest.raises(EnvironmentFailureError, match="no store"):
        system_content()


def test_a_damaged_store_is_the_machines_fault() -> None:
    with pytest.raises(EnvironmentFailureError):
        content_of_source(ListBytes(place="/etc/ssl/bundle", data=samples.root().pem[:200]))


def test_this_machines_places_are_those_of_openssl_too() -> None:
    import ssl

    places = {str(place) for place in machine_lists._linux_places()}
    assert ssl.get_default_verify_paths().openssl_capath in places


@needs_openssl
def test_what_a_distribution_distrusts_stays_distrusted(tmp_path: Path) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes(samples.root().pem)
    command = ["openssl", "x509", "-in", str(file), "-trustout", "-addreject", "anyExtendedKeyUsage"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    (entry,) = content_of_source(ListBytes(place="bundle", data=data)).content.entries
    assert entry.status is EntryStatus.DISTRUSTED
    assert entry.usages == frozenset()


def stores(store: str) -> list[tuple[bytes, str, set[str] | bool]]:
    found: dict[str, list[tuple[bytes, str, set[str] | bool]]] = {
        "ROOT": [
            (samples.root().der, "x509_asn", True),
            (samples.root("Servers").der, "x509_asn", {SERVER_AUTH, CODE_SIGNING}),
            (samples.root("Code").der, "x509_asn", {CODE_SIGNING}),
            (samples.root("Bad").der, "x509_asn", True),
            (b"\x30\x00", "pkcs_7_asn", True),
        ],
        "CA": [(samples.lonely().der, "x509_asn", True)],
        "Disallowed": [(samples.root("Bad").der, "x509_asn", True)],
    }
    return found[store]


def test_windows_keeps_purposes_with_each_root() -> None:
    found = windows_content(enumerate_store=stores)
    by_digest = {entry.sha256: entry for entry in found.content.entries}
    assert len(by_digest) == 5
    anything = frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT, Usage.EMAIL})
    assert by_digest[samples.root().sha256].usages == anything
    assert by_digest[samples.root("Servers").sha256].usages == SERVERS
    assert by_digest[samples.root("Code").sha256].usages == frozenset()


def test_what_windows_disallows_is_distrusted_and_its_intermediates_are_no_anchors() -> None:
    by_digest = {entry.sha256: entry for entry in windows_content(enumerate_store=stores).content.entries}
    assert by_digest[samples.root("Bad").sha256].status is EntryStatus.DISTRUSTED
    assert by_digest[samples.lonely().sha256].anchor_mode is AnchorMode.NOT_ANCHOR
    assert by_digest[samples.root().sha256].anchor_mode is AnchorMode.FULL_CHAIN


def test_windows_that_refuses_is_the_machines_fault() -> None:
    def refusing(store: str) -> list[tuple[bytes, str, set[str] | bool]]:
        raise PermissionError(store)

    with pytest.raises(EnvironmentFailureError, match="stores cannot be read"):
        windows_content(enumerate_store=refusing)
