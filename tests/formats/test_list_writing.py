"""Lists written in every form and read back: what a form carries comes back, what it loses it has said.

    pytest -s tests/formats/test_list_writing.py -k table

prints what each form cannot carry.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import list_samples as samples
from tests.support import pki
from tests.support.list_samples import SCHEMA, day, entry, full_entry, full_list
from tests.support.pki import Issued
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.list_form import ListForm
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    Audit,
    CertificatePolicy,
    Distrust,
    EntryKind,
    EntryStatus,
    ListEntry,
    Owner,
    Usage,
)
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.list_losses import what_is_lost
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.list_writing import JAVAS_PASSWORD, write_list

NOW = datetime(2026, 11, 20, tzinfo=UTC)
SERVERS = frozenset({Usage.TLS_SERVER})
TRUST_ONLY = [form for form in ListForm if form is not ListForm.JSON]
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_keytool = pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")


def of(*entries: ListEntry) -> ListContent:
    return ListContent(title="List", entries=entries)


def write(content: ListContent, form: ListForm, usage: Usage | None = None) -> bytes:
    return write_list(content, form, at=NOW, usage=usage, profile=ExportProfile.COMPATIBLE).data


def read(data: bytes) -> ListContent:
    return read_list(ListBytes(place="file", data=data), schema=SCHEMA)


def digests(content: ListContent) -> set[str]:
    return {entry.sha256 for entry in content.entries}


@cache
def in_ccadb() -> ListEntry:
    """An entry that says no more than CCADB's report has columns for."""
    return entry(
        samples.root("In CCADB"),
        usages=frozenset({Usage.TLS_SERVER, Usage.EMAIL}),
        status=EntryStatus.TRUSTED_UNTIL,
        distrust=Distrust(tls_after=day("2027-01-01T23:59:59"), smime_after=day("2027-02-02T01:02:03")),
        constraints=AnchorLimits(permitted_names=("DNS:example", "DNS:gov.example")),
        owner=Owner(name="=Owner; +1", country="CH", contact="https://ca.example", problem_reporting="p@ca"),
        policy=CertificatePolicy(cp_uri="https://a/cp", cps_uri="https://a/cps", oids=("1.2.3", "1.2.4")),
        audits=(
            Audit(kind="Standard: WebTrust", auditor="A", period="2025.01.02", report_uri="https://a/1"),
            Audit(kind="BR", auditor="A", report_uri="https://a/2"),
        ),
        revocation_urls=("http://crl.example/a.crl", "http://crl.example/b.crl"),
        caa_domains=("ca.example", "b.example"),
        notes="a note, with a comma",
    )


# --- round trips ---


def gained(before: ListEntry, after: ListEntry) -> Iterator[str]:
    """Yield the fields that differ, as `what_is_lost` names them."""
    for field in fields(ListEntry):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if is_dataclass(field.default):
            for inner in fields(field.default):
                if getattr(old, inner.name) != getattr(new, inner.name):
                    yield f"{field.name}.{inner.name}"
        elif old != new:
            yield field.name


FORMS_GIVE = {
    # What a form says by itself: an alias, that Mozilla's report is Mozilla's.
    ListForm.JAVA_TRUST_STORE: {"notes"},
    ListForm.CCADB: {"stores"},
}


@pytest.mark.parametrize("form", ListForm)
@pytest.mark.parametrize(
    "before",
    [
        pytest.param(full_entry, id="all fields"),
        pytest.param(in_ccadb, id="those of CCADB"),
        pytest.param(lambda: entry(samples.root()), id="none"),
        pytest.param(lambda: entry(samples.root(), usages=SERVERS), id="servers"),
        pytest.param(
            lambda: entry(
                samples.lonely(), EntryKind.INTERMEDIATE, anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED
            ),
            id="intermediate",
        ),
        pytest.param(
            lambda: entry(samples.root(), usages=SERVERS, distrust=Distrust(tls_after=day("2027-01-01"))),
            id="a date without its status",
        ),
    ],
)
def test_what_differs_after_a_round_trip_was_said_to_be_lost(before: object, form: ListForm) -> None:
    assert callable(before)
    one: ListEntry = before()
    draft = write_list(of(one), form, at=NOW, profile=ExportProfile.COMPATIBLE)
    (after,) = read(draft.data).entries
    said = {name for name in draft.lost if not name.startswith("list.")}
    different = set(gained(one, after)) - FORMS_GIVE.get(form, set())
    assert different <= said
    # Nor is anything called lost that comes back.
    assert said - FORMS_GIVE.get(form, set()) <= different


def test_ccadbs_report_carries_what_it_has_columns_for() -> None:
    (after,) = read(write(of(in_ccadb()), ListForm.CCADB)).entries
    assert set(gained(in_ccadb(), after)) <= {"stores", "owner.name"}
    assert what_is_lost(of(in_ccadb()), ListForm.CCADB) == ("list.title", "owner.name")
    # Its name would be a formula; it gets an apostrophe, in both places.
    assert after.owner.name == "'=Owner; '+1"


@pytest.mark.parametrize("first", TRUST_ONLY)
@pytest.mark.parametrize("second", ListForm)
def test_certificates_come_through_two_forms(first: ListForm, second: ListForm) -> None:
    anchors = [entry(samples.root(name), usages=SERVERS) for name in ("Root", "Second")]
    once = read(write(of(*anchors), first))
    if all(one.usages == frozenset() for one in once.entries):  # pragma: no cover
        pytest.fail("what was for servers is for nothing")
    twice = read(write(once, second))
    assert digests(twice) == digests(of(*anchors))


def test_json_loses_nothing_of_an_unsigned_list() -> None:
    assert what_is_lost(full_list(), ListForm.JSON) == ()


@pytest.mark.parametrize("form", TRUST_ONLY)
def test_what_is_said_to_be_lost_is_in_order_and_names_fields(form: ListForm) -> None:
    lost = what_is_lost(full_list(), form)
    known = {field.name for field in fields(ListEntry)}
    known |= {f"list.{field.name}" for field in fields(ListContent)}
    assert all(name in known or name.partition(".")[0] in known for name in lost)
    assert {"history", "roles", "status", "anchor_mode", "certificate", "list.sequence"} <= set(lost)


def test_table_of_what_each_form_cannot_carry() -> None:
    table = loss_table()
    print(f"\n{table}")  # noqa: T201 - to be read
    assert "distrust.tls_after" in table


def loss_table() -> str:
    content = of(full_entry(), in_ccadb(), *full_list().entries[1:])
    content = replace(full_list(), entries=content.entries, next_update=None, is_closed=True)
    lost = {form: set(what_is_lost(content, form)) for form in ListForm}
    plain = replace(in_ccadb(), owner=replace(in_ccadb().owner, name="Owner"))
    alone = {form: set(what_is_lost(of(plain), form)) for form in ListForm}
    names = what_is_lost(content, ListForm.PEM)
    lines = [f"{'field':34}" + "".join(f"{form.value:>18}" for form in ListForm)]
    for name in names:
        cells = (
            "" if name not in lost[form] else "in part" if partly(name, alone, form) else "lost"
            for form in ListForm
        )
        lines.append(f"{name:34}" + "".join(f"{cell or 'kept':>18}" for cell in cells))
    return "\n".join(lines)


def partly(name: str, alone: dict[ListForm, set[str]], form: ListForm) -> bool:
    """Whether a form carries a field where it says what the form can say."""
    return name not in alone[form] and name in alone[ListForm.PEM]


# --- what is left out, and for what ---


def left(*entries: ListEntry, usage: Usage | None = None, form: ListForm = ListForm.PEM) -> list[str]:
    try:
        return sorted(digests(read(write(of(*entries), form, usage))))
    except UnusableInputError:
        return []


@pytest.mark.parametrize("form", TRUST_ONLY)
@pytest.mark.parametrize(
    "status",
    [status for status in EntryStatus if status not in {EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL}],
)
def test_what_is_not_trusted_is_in_no_form_that_cannot_say_so(status: EntryStatus, form: ListForm) -> None:
    good = entry(samples.root(), usages=SERVERS)
    bad = entry(samples.root("Bad"), usages=SERVERS, status=status)
    assert left(good, bad, form=form) == [good.sha256]
    assert left(bad, form=form) == []


def test_trusted_until_without_a_date_is_left_out() -> None:
    assert left(entry(samples.root(), status=EntryStatus.TRUSTED_UNTIL)) == []


def test_what_ended_is_left_out() -> None:
    ended = Distrust(tls_after=day("2026-01-01"), applies_to=AppliesTo.NOW)
    both = frozenset({Usage.TLS_SERVER, Usage.EMAIL})
    one = entry(samples.root(), usages=both, status=EntryStatus.TRUSTED_UNTIL, distrust=ended)
    assert left(one, usage=Usage.TLS_SERVER) == []
    assert left(one, usage=Usage.EMAIL) == [one.sha256]
    mail_too = replace(one, distrust=replace(ended, smime_after=day("2026-01-01")))
    assert left(mail_too) == []
    # CCADB's meaning: what was issued before goes on to be trusted.
    issued_before = replace(one, distrust=replace(ended, applies_to=AppliesTo.NOT_BEFORE))
    assert left(issued_before, usage=Usage.TLS_SERVER) == [one.sha256]


@pytest.mark.parametrize("form", list(ListForm))
def test_what_is_trusted_until_a_day_for_mail_alone_is_for_no_server(form: ListForm) -> None:
    for_mail = entry(
        samples.root(),
        usages=frozenset({Usage.TLS_SERVER, Usage.EMAIL}),
        status=EntryStatus.TRUSTED_UNTIL,
        distrust=Distrust(smime_after=day("2030-01-01")),
    )
    assert left(
        entry(samples.root("B"), usages=frozenset({Usage.TLS_SERVER})),
        for_mail,
        form=form,
        usage=Usage.TLS_SERVER,
    ) == [samples.root("B").sha256]


@pytest.mark.parametrize("form", list(ListForm))
def test_a_key_that_an_entry_distrusts_comes_in_by_no_other_entry(form: ListForm) -> None:
    distrusted = entry(samples.root(), status=EntryStatus.DISTRUSTED, usages=frozenset({Usage.TLS_SERVER}))
    again = pki.root("Root anew", key=samples.root().key)
    trusted = [entry(one, usages=frozenset({Usage.TLS_SERVER})) for one in (again, samples.root("B"))]
    assert left(distrusted, *trusted, form=form, usage=Usage.TLS_SERVER) == [samples.root("B").sha256]


@pytest.mark.parametrize("form", list(ListForm))
def test_a_certificate_that_has_ended_is_trusted_for_nothing(form: ListForm) -> None:
    """Java trusts an anchor whatever its dates say (RFC 5280 6.1.1 (d) asks for none of them)."""
    over = pki.root("Over", not_before=NOW - timedelta(days=900), not_after=NOW - timedelta(days=1))
    entries = [entry(one, usages=frozenset({Usage.TLS_SERVER})) for one in (over, samples.root("B"))]
    assert left(*entries, form=form, usage=Usage.TLS_SERVER) == [samples.root("B").sha256]


def test_by_usage_only_what_is_trusted_for_it() -> None:
    servers = entry(samples.root(), usages=SERVERS)
    clients = entry(samples.root("Second"), usages=frozenset({Usage.TLS_CLIENT}))
    undecided, nothing = entry(samples.root("Third")), entry(samples.root("Fourth"), usages=frozenset())
    everything = (servers, clients, undecided, nothing)
    assert left(*everything, usage=Usage.TLS_SERVER) == [servers.sha256]
    assert left(*everything, usage=Usage.TLS_SERVER, form=ListForm.JSON) == [servers.sha256]
    assert left(*everything) == sorted([servers.sha256, clients.sha256, undecided.sha256])
    assert len(left(*everything, form=ListForm.JSON)) == 4


def test_what_only_helps_to_build_paths_is_left_out() -> None:
    intermediate = entry(samples.issuing(), EntryKind.INTERMEDIATE)
    peer = entry(samples.server(), EntryKind.END_ENTITY)
    assert left(entry(samples.root()), intermediate, peer) == [samples.root().sha256]


def test_nothing_to_write_is_an_error_that_names_the_usage() -> None:
    with pytest.raises(UnusableInputError) as caught:
        write(of(entry(samples.root())), ListForm.PEM, Usage.TLS_CLIENT)
    assert dict(caught.value.problem.params) == {"usage": "tls_client"}


def test_a_title_begins_no_block_and_ends_no_line() -> None:
    evil = replace(of(entry(samples.root())), title="x\n-----BEGIN CERTIFICATE-----\nAAAA\n------END")
    data = write(evil, ListForm.PEM)
    assert data.count(b"BEGIN") == 2
    assert digests(read(data)) == {samples.root().sha256}


def test_aliases_differ_without_case() -> None:
    same = [entry(samples.root(name), notes="Alias") for name in ("Root", "Second", "Third")]
    notes = [one.notes for one in read(write(of(*same), ListForm.JAVA_TRUST_STORE)).entries]
    assert notes[0] == "alias"
    assert len({note.lower() for note in notes}) == 3


# --- other programs ---


def anchors() -> list[Issued]:
    return [samples.root(), samples.root("Second"), samples.root("Ümlaut & Co")]


@needs_keytool
def test_keytool_lists_trusted_certificates(tmp_path: Path) -> None:
    store = tmp_path / "store.p12"
    store.write_bytes(write(of(*(entry(one) for one in anchors())), ListForm.JAVA_TRUST_STORE))
    command = ["keytool", "-list", "-keystore", str(store), "-storepass", JAVAS_PASSWORD]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert listed.count("trustedCertEntry") == 3
    for one in anchors():
        digest = ":".join(one.sha256[at : at + 2] for at in range(0, 64, 2)).upper()
        assert digest in listed


@needs_openssl
def test_openssl_verifies_with_a_written_bundle(tmp_path: Path) -> None:
    bundle, leaf, middle = tmp_path / "roots.pem", tmp_path / "leaf.pem", tmp_path / "middle.pem"
    bundle.write_bytes(write(of(*(entry(one) for one in anchors())), ListForm.PEM))
    leaf.write_bytes(samples.server().pem)
    middle.write_bytes(samples.issuing().pem)
    command = [
        "openssl",
        "verify",
        "-attime",
        str(int(NOW.timestamp())),
        "-no-CApath",
        "-CAfile",
        str(bundle),
    ]
    done = subprocess.run([*command, "-untrusted", str(middle), str(leaf)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_openssl
def test_openssl_reads_a_written_pkcs7(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.p7b"
    bundle.write_bytes(write(of(*(entry(one) for one in anchors())), ListForm.PKCS7))
    command = ["openssl", "pkcs7", "-inform", "DER", "-in", str(bundle), "-print_certs"]
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    assert printed.count(b"BEGIN CERTIFICATE") == 3


# --- anything in a field ---

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_text_survives_or_is_said_to_be_lost(name: str, notes: str, uri: str, domains: list[str]) -> None:
    one = entry(
        samples.root(),
        usages=SERVERS,
        owner=Owner(name=name, problem_reporting=uri),
        policy=CertificatePolicy(cp_uri=uri),
        caa_domains=tuple(domains),
        revocation_urls=tuple(domains),
        notes=notes,
    )
    for form in (ListForm.JSON, ListForm.CCADB):
        draft = write_list(of(one), form, at=NOW)
        (after,) = read(draft.data).entries
        assert set(gained(one, after)) - FORMS_GIVE.get(form, set()) <= set(draft.lost)
