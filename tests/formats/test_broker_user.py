from __future__ import annotations

from dataclasses import replace

from tests.support import pki
from trustdesk.core.certificate import CertificateFacts
from trustdesk.formats.broker_user import broker_users

CERTIFICATE = pki.client(pki.root(), common_name="Acme Cargo").facts


def named(**changes: object) -> CertificateFacts:
    return replace(CERTIFICATE, **changes)  # type: ignore[arg-type]


def test_user_by_default_is_the_subject() -> None:
    facts = named(subject="CN=Acme,O=Cargo\\, Inc.", subject_common_name="Acme", subject_alt_names=())
    assert broker_users(facts) == ("CN=Acme,O=Cargo\\, Inc.", ("Acme",))


def test_others_are_common_name_then_uris_then_names_each_once() -> None:
    names = (
        "DNS:acme.example",
        "IP:192.0.2.1",
        "URI:https://acme.example/c",
        "email:a@acme.example",
        "DNS:Acme",
    )
    facts = named(subject="CN=Acme", subject_common_name="Acme", subject_alt_names=names)
    assert broker_users(facts)[1] == ("Acme", "https://acme.example/c", "acme.example", "a@acme.example")


def test_certificate_without_a_subject_has_no_user_by_default() -> None:
    facts = named(subject="", subject_common_name=None, subject_alt_names=("URI:urn:acme",))
    assert broker_users(facts) == (None, ("urn:acme",))


def test_list_of_names_is_bounded() -> None:
    facts = named(subject_common_name=None, subject_alt_names=tuple(f"DNS:h{n}.example" for n in range(99)))
    assert len(broker_users(facts)[1]) == 8
