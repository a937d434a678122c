"""One kind for one certificate, whatever form its list came in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support import etsi_lists, master_lists, pki, raw_pki
from tests.support.etsi_lists import Service
from trustdesk.core.trust_entry import AnchorMode, EntryKind
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.etsi_list import read_etsi_list
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.list_writing import pem_text
from trustdesk.formats.master_list import read_master_list


@dataclass(frozen=True)
class _Certificate:
    """What the support of ETSI lists takes of a certificate."""

    der: bytes


OLD_ROOT = raw_pki.make("CN=Root of version 1", None, (), key_of="old", version=None).der
"""As the oldest CAs have."""


def forged_root() -> bytes:
    """A CA certificate that names itself as its issuer, and that another key signed."""
    return raw_pki.make("CN=Not its own", None, [raw_pki.bc()], key_of="one", signed_by="another").der


def etsi(der: bytes) -> ListContent:
    service = Service(certificates=[_Certificate(der)])  # type: ignore[list-item]
    return read_etsi_list(etsi_lists.unsigned(service), "list.xml")


def master(der: bytes) -> ListContent:
    signer = master_lists.list_signer(pki.root("CSCA"))
    return read_master_list(master_lists.message(master_lists.content(der), signer), "list.ml")


def pem(der: bytes) -> ListContent:
    return read_list(ListBytes(place="cas.pem", data=pem_text(der).encode()), schema="")


@pytest.mark.parametrize("read", [pem, etsi, master])
def test_a_root_of_version_1_is_a_root(read: object) -> None:
    assert callable(read)
    (entry,) = read(OLD_ROOT).entries
    assert (entry.kind, entry.anchor_mode) == (EntryKind.ROOT, AnchorMode.FULL_CHAIN)


@pytest.mark.parametrize("read", [pem, etsi, master])
def test_what_another_key_signed_is_no_root(read: object) -> None:
    assert callable(read)
    (entry,) = read(forged_root()).entries
    assert entry.kind is EntryKind.INTERMEDIATE
    assert entry.anchor_mode is not AnchorMode.FULL_CHAIN
