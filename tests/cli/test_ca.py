"""`trustdesk ca`: a private CA from its making to its revocation list, and what each exit status means."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console

from tests.support.command import Ran, trustdesk
from tests.support.csr import COMPANY, MAIN_ID, PARTNER_HOST, client_request, server_request
from tests.support.csr import with_broken_signature as broken
from tests.support.memory_keys import MemoryKeyring
from tests.support.partners import add_partner
from tests.support.pki import rsa_key
from trustdesk.cli.render_ca import print_authorities
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.target import parse_target
from trustdesk.services import workspace_keys
from trustdesk.services.trust_lists import file_list
from trustdesk.storage.authorities import Authorities
from trustdesk.storage.workspace import Workspace

PASSPHRASE = "seven words of a vault that nobody guesses"


class Place:
    """A folder with a workspace whose keyring is in memory."""

    def __init__(self, folder: Path, keyring: MemoryKeyring) -> None:
        self.folder = folder
        self.keyring = keyring
        self.workspace = folder / "desk"

    def ca(self, command: str, *arguments: object) -> Ran:
        return trustdesk("ca", command, *arguments, "--workspace", self.workspace)

    def file(self, csr: CsrFacts) -> Path:
        path = self.folder / f"{csr.sha256[:8]}.csr"
        path.write_bytes(x509.load_der_x509_csr(csr.der).public_bytes(Encoding.PEM))
        return path

    def partner(self, name: str, target: str) -> None:
        add_partner(self.workspace, name, parse_target(target))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    keyring = MemoryKeyring()
    monkeypatch.setattr(workspace_keys, "keyring_store", lambda: keyring)
    return Place(tmp_path, keyring)


@pytest.fixture
def group(place: Place) -> Place:
    ran = place.ca("new", "--name", "Group", "--permit", "DNS:cargo.example")
    assert ran.status == 0, ran.err
    return place


CERTIFICATE = ["sha256", "subject", "issuer", "serial_number", "not_before", "not_after"]
AUTHORITY = [
    "name", "created_at", "root", "issuing", "root_key", "issuing_key", "crl_url", "crl_number",
    "crl_next_update",
]  # fmt: skip


def test_a_new_ca_says_what_it_is_and_what_it_is_not(place: Place) -> None:
    url = "http://crl.cargo.example/group.crl"
    ran = place.ca("new", "--name", "Group", "--permit", "URI:.cargo.example", "--crl-url", url, "--json")
    document = ran.document
    assert (ran.status, ran.err) == (0, "")
    assert list(document) == ["schema", "authority", "notice"]
    assert document["schema"] == "trustdesk.ca-new/1"
    authority = document["authority"]
    assert list(authority) == [*AUTHORITY, "permitted_names"]
    assert list(authority["root"]) == CERTIFICATE
    assert (authority["name"], authority["crl_url"], authority["crl_number"]) == ("Group", url, None)
    assert authority["permitted_names"] == ["DNS:cargo.example", "URI:.cargo.example"]
    assert authority["root_key"] == {
        "store": "keyring",
        "store_title": "Memory",
        "algorithm": "EC",
        "bits": 256,
        "curve": "P-256",
    }
    assert "no audited CA" in document["notice"]
    assert "hardware module" in document["notice"]
    for_people = place.ca("new", "--name", "Other")
    assert "no audited CA" in " ".join(for_people.out.split())


def test_a_request_is_signed_and_its_chain_written(group: Place) -> None:
    output = group.folder / "acme.pem"
    csr = client_request()
    ran = group.ca(
        "issue", "Group", group.file(csr), "--purpose", "client", "--days", 30, "--output", output, "--json"
    )
    document = ran.document
    assert ran.status == 0, ran.err
    assert list(document) == [
        "schema", "authority", "request", "purpose", "partner", "findings", "certificate", "output",
        "verdict",
    ]  # fmt: skip
    assert (document["schema"], document["authority"]) == ("trustdesk.ca-issue/1", "Group")
    assert document["request"] == {
        "sha256": csr.sha256,
        "subject": f"CN={COMPANY}",
        "subject_alt_names": [f"URI:{MAIN_ID}"],
    }
    assert list(document["certificate"]) == CERTIFICATE
    assert (document["partner"], document["output"], document["verdict"]) == (None, str(output), "pass")
    by_rule = {finding["rule"]: finding["status"] for finding in document["findings"]}
    assert by_rule["PCA-1"] == "pass"
    assert by_rule["PCA-2"] == "not_run"
    leaf, issuing = x509.load_pem_x509_certificates(output.read_bytes())
    leaf.verify_directly_issued_by(issuing)
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days == 29


@pytest.mark.parametrize(
    ("csr", "purpose", "rule"),
    [
        (client_request("https://other.example/ACME"), "client", "PCA-1"),
        (broken(client_request(key=rsa_key())), "client", "CSR-1"),
        (server_request("*.cargo.example"), "server", "CSR-4"),
        (server_request(), "client", "CSR-3"),
    ],
)
def test_a_bad_preflight_signs_nothing_and_is_status_1(
    group: Place, csr: CsrFacts, purpose: str, rule: str
) -> None:
    output = group.folder / "out.pem"
    arguments = ("issue", "Group", group.file(csr), "--purpose", purpose, "--output", output)
    ran = group.ca(*arguments, "--json")
    document = ran.document
    assert (ran.status, document["verdict"]) == (1, "fail")
    assert (document["certificate"], document["output"]) == (None, None)
    failed = {one["rule"] for one in document["findings"] if one["status"] == "fail"}
    assert rule in failed
    for_people = group.ca(*arguments)
    assert for_people.status == 1
    assert rule in for_people.out
    assert "Nothing was signed." in for_people.out
    assert not output.exists()
    assert group.ca("list", "--json").document["authorities"][0]["issued"] == []


def test_names_are_compared_with_the_partner(group: Place) -> None:
    group.partner("Acme", f"https://{PARTNER_HOST}/")
    group.partner("Other", "https://other.example/")
    output = group.folder / "out.pem"
    arguments = ("issue", "Group", group.file(client_request()), "--purpose", "client", "--output", output)
    assert group.ca(*arguments, "--partner", "Other").status == 1
    unknown = group.ca(*arguments, "--partner", "Acne")
    assert (unknown.status, unknown.out) == (2, "")
    assert "no partner of this name" in unknown.err
    ran = group.ca(*arguments, "--partner", "Acme", "--json")
    assert ran.status == 0
    by_rule = {finding["rule"]: finding["status"] for finding in ran.document["findings"]}
    assert by_rule["PCA-2"] == "pass"


def issued(group: Place, csr: CsrFacts | None = None, purpose: str = "client") -> dict[str, str]:
    output = group.folder / "chain.pem"
    output.unlink(missing_ok=True)
    file = group.file(csr or client_request())
    ran = group.ca("issue", "Group", file, "--purpose", purpose, "--output", output, "--json")
    found: dict[str, str] = ran.document["certificate"]
    return found


@pytest.mark.parametrize("named_by", ["serial_number", "sha256", "colons"])
def test_a_revocation_comes_with_its_list(group: Place, named_by: str) -> None:
    certificate = issued(group)
    issued(group, server_request(), "server")
    text = certificate["serial_number" if named_by == "colons" else named_by]
    if named_by == "colons":
        even = text.zfill(len(text) + len(text) % 2).upper()
        text = ":".join(even[place : place + 2] for place in range(0, len(even), 2))
    output = group.folder / "lists.pem"
    arguments = ("revoke", "Group", text, "--reason", "keyCompromise", "--output", output)
    ran = group.ca(*arguments, "--json")
    document = ran.document
    assert ran.status == 0
    assert list(document) == ["schema", "authority", "certificate", "reason", "crl", "output"]
    assert document["schema"] == "trustdesk.ca-revoke/1"
    assert (document["certificate"], document["reason"]) == (certificate, "keyCompromise")
    assert list(document["crl"]) == ["number", "this_update", "next_update", "entries"]
    assert (document["crl"]["number"], document["crl"]["entries"]) == (1, 1)
    (entry,) = x509.load_pem_x509_crl(output.read_bytes())
    assert f"{entry.serial_number:x}" == certificate["serial_number"]
    again = group.ca(*arguments)
    assert (again.status, again.out) == (2, "")
    newer, older = group.ca("list", "--json").document["authorities"][0]["issued"]
    states = {one["sha256"]: (one["revoked_at"] is not None, one["reason"]) for one in (newer, older)}
    assert states.pop(certificate["sha256"]) == (True, "keyCompromise")
    assert list(states.values()) == [(False, None)]


def test_our_own_judge_reads_the_lists(group: Place) -> None:
    certificate = issued(group)
    root, lists = group.folder / "root.pem", group.folder / "lists.pem"
    group.ca("root", "Group", "--output", root)
    judged = ("verify", group.folder / "chain.pem", "--purpose", "client", "--trust-list", root)
    group.ca("crl", "Group", "--output", lists)
    good = trustdesk(*judged, "--crl", lists, "--json")
    assert good.status == 0
    assert {one["status"] for one in good.document["paths"][0]["revocation"]} == {"good"}
    group.ca("revoke", "Group", certificate["sha256"], "--reason", "keyCompromise", "--output", lists)
    revoked = trustdesk(*judged, "--crl", lists, "--json")
    assert revoked.status == 1
    leaf, issuing = revoked.document["paths"][0]["revocation"]
    assert (leaf["status"], leaf["revocation_reason"]) == ("revoked", "keyCompromise")
    assert issuing["status"] == "good"


def test_lists_are_written_for_publishing_and_for_servers(group: Place) -> None:
    published, both = group.folder / "group.crl", group.folder / "group.pem"
    ran = group.ca("crl", "Group", "--output", published, "--days", 3, "--json")
    document = ran.document
    assert list(document) == ["schema", "authority", "crl", "output"]
    assert (ran.status, document["schema"]) == (0, "trustdesk.ca-crl/1")
    assert group.ca("crl", "Group", "--output", both).status == 0
    first, second = x509.load_der_x509_crl(published.read_bytes()), x509.load_pem_x509_crl(both.read_bytes())
    numbers = [
        one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for one in (first, second)
    ]
    assert numbers == [1, 2]
    assert first.next_update_utc is not None
    assert (first.next_update_utc - first.last_update_utc).days == 3
    assert both.read_bytes().count(b"-----BEGIN X509 CRL-----") == 2
    shown = trustdesk("crl", "show", published)
    assert shown.status == 0, shown.out


def test_the_root_is_a_trust_list(group: Place) -> None:
    output, chain = group.folder / "root.pem", group.folder / "chain.pem"
    issued(group)
    ran = group.ca("root", "Group", "--output", output, "--json")
    assert list(ran.document) == ["schema", "authority", "certificate", "output"]
    (anchor,) = file_list(output).anchors
    assert ran.document["certificate"]["sha256"] == anchor.sha256
    verified = trustdesk("verify", chain, "--purpose", "client", "--trust-list", output)
    assert verified.status == 0, verified.out
    for_people = group.ca("root", "Group", "--output", output)
    assert anchor.sha256 in for_people.out
    assert "no audited CA" in " ".join(for_people.out.split())


def test_the_list_is_for_people_too(group: Place) -> None:
    certificate = issued(group)
    group.ca("revoke", "Group", certificate["sha256"], "--reason", "superseded")
    issued(group, server_request(), "server")
    ran = group.ca("list")
    assert ran.status == 0
    assert "revoked (superseded)" in ran.out
    assert "Keys in Memory" in ran.out
    assert f"serial number {certificate['serial_number']}\n" in ran.out


@pytest.mark.parametrize("purpose", ["client", "server"])
def test_a_request_made_here_is_signed_as_it_was_asked(group: Place, purpose: str) -> None:
    """From the wizard's request over the CA's signature to the identity, by the commands alone."""
    csr, chain, root = (group.folder / name for name in ("own.csr", "own.pem", "root.pem"))
    names = ("--id", MAIN_ID) if purpose == "client" else ("--dns", PARTNER_HOST, "--client-auth")
    asked = ("csr", "new", "--purpose", purpose, "--name", "own", *names, "--output", csr)
    made = trustdesk(*asked, "--workspace", group.workspace)
    assert made.status == 0, made.err
    ran = group.ca("issue", "Group", csr, "--purpose", purpose, "--output", chain, "--json")
    assert ran.status == 0, ran.err
    assert {one["rule"]: one["status"] for one in ran.document["findings"]}["CSR-8"] == "pass"
    group.ca("root", "Group", "--output", root)
    match = ("csr", "match", chain, "--trust-list", root, "--apply", "--workspace", group.workspace)
    matched = trustdesk(*match, "--json")
    assert matched.status == 0, matched.out
    leaf = x509.load_pem_x509_certificate(chain.read_bytes())
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days == 364
    assert "own" in matched.out


def test_a_list_that_runs_out_is_said(group: Place) -> None:
    def said() -> str:
        return " ".join(group.ca("list").out.split())

    output = group.folder / "group.crl"
    assert "No revocation list was issued yet." in said()
    group.ca("crl", "Group", "--output", output, "--days", 3)
    assert "✓ Revocation list 1; the next one is due on" in said()
    group.ca("crl", "Group", "--output", output, "--days", 1)
    assert "! Revocation list 2; the next one is due on" in said()


@pytest.mark.parametrize(("later", "sign"), [(timedelta(), "✓ good"), (timedelta(days=370), "! expired")])
def test_what_has_run_out_is_not_good(group: Place, later: timedelta, sign: str) -> None:
    issued(group)
    group.ca("crl", "Group", "--output", group.folder / "group.crl", "--days", 300)
    workspace = Workspace.open(group.workspace)
    authorities = Authorities(workspace).all().result()
    workspace.close()
    out = io.StringIO()
    print_authorities(Console(file=out, width=200), authorities, datetime.now(UTC) + later)
    assert sign in out.getvalue()
    assert ("servers that ask for it refuse everybody" in out.getvalue()) is (later > timedelta())


def test_a_ca_is_deleted_once_a_person_said_so(group: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    issued(group)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    asked = group.ca("delete", "Group")
    assert (asked.status, asked.out) == (130, "")
    assert "1 certificate stays valid until it expires" in " ".join(asked.err.split())
    assert group.keyring.records
    ran = group.ca("delete", "Group", "--yes", "--json")
    assert ran.status == 0
    assert ran.document == {
        "schema": "trustdesk.ca-delete/1",
        "authority": "Group",
        "still_valid": 1,
        "crl_next_update": None,
    }
    assert not group.keyring.records
    assert group.ca("list", "--json").document["authorities"] == []


def test_a_workspace_may_stand_before_the_command(group: Place) -> None:
    ran = trustdesk("--workspace", group.workspace, "ca", "list", "--json")
    assert [one["name"] for one in ran.document["authorities"]] == ["Group"]


def test_a_ca_is_found_without_case(group: Place) -> None:
    assert group.ca("root", "gROUP", "--output", group.folder / "root.pem").status == 0


def test_an_empty_workspace_has_no_ca(place: Place) -> None:
    assert place.ca("list", "--json").document["authorities"] == []
    assert "trustdesk ca new" in place.ca("list").out


def test_what_cannot_be_used_is_one_line_and_status_2(group: Place) -> None:
    csr, output = group.file(client_request()), group.folder / "out.pem"
    chain = group.folder / "chain.pem"
    issued(group)
    two = group.folder / "two.csr"
    two.write_bytes(csr.read_bytes() + group.file(server_request()).read_bytes())
    client = ("--purpose", "client", "--output", output)
    for arguments in (
        ("new", "--name", "Group"),
        ("new", "--name", "group"),
        ("new", "--name", " "),
        ("new", "--name", "A", "--permit", "cargo.example"),
        ("new", "--name", "A", "--crl-url", "ftp://a.example/"),
        ("new", "--name", "A", "--root-days", 10, "--issuing-days", 20),
        ("new",),
        ("issue", "Nobody", csr, *client),
        ("issue", "Group", group.folder / "none.csr", *client),
        ("issue", "Group", chain, *client),
        ("issue", "Group", two, *client),
        ("issue", "Group", csr, "--purpose", "free", "--output", output),
        ("issue", "Group", csr, *client, "--days", 366),
        ("issue", "Group", csr, *client, "--days", 0),
        ("issue", "Group", csr, *client, "--days", 10**12),
        ("issue", "Group", csr, "--purpose", "client", "--output", csr),
        ("revoke", "Group", "no number", "--reason", "superseded"),
        ("revoke", "Group", "1234", "--reason", "superseded"),
        ("revoke", "Group", "1234", "--reason", "boredom"),
        ("crl", "Group", "--output", output, "--days", 0),
        ("crl", "Group", "--output", output, "--days", 10**12),
        ("delete", "Nobody", "--yes"),
        ("crl", "Group"),
        ("root", "Nobody", "--output", output),
    ):
        ran = group.ca(*arguments)
        assert (ran.status, ran.out) == (2, ""), (arguments, ran)
        assert ran.err.startswith("trustdesk: ")
        assert ran.err.count("\n") == 1
    assert not output.exists()
    assert len(group.ca("list", "--json").document["authorities"]) == 1


def test_a_locked_keyring_is_status_3_and_changes_nothing(group: Place) -> None:
    certificate = issued(group)
    csr, output = group.file(client_request()), group.folder / "out.pem"
    group.keyring.is_locked = True
    for arguments in (
        ("new", "--name", "Other"),
        ("issue", "Group", csr, "--purpose", "client", "--output", output),
        ("revoke", "Group", certificate["sha256"], "--reason", "superseded"),
        ("crl", "Group", "--output", output),
    ):
        ran = group.ca(*arguments)
        assert (ran.status, ran.out) == (3, ""), (arguments, ran)
        assert "locked" in ran.err
    assert not output.exists()
    (authority,) = group.ca("list", "--json").document["authorities"]
    assert (authority["crl_number"], len(authority["issued"])) == (None, 1)


def test_nothing_is_signed_for_a_file_that_cannot_be_written(group: Place) -> None:
    serial_number = issued(group)["serial_number"]
    csr = group.file(client_request())
    for output in (group.folder / "none" / "file.pem", group.folder):
        for arguments in (
            ("root", "Group"),
            ("crl", "Group"),
            ("issue", "Group", csr, "--purpose", "client"),
            ("revoke", "Group", serial_number, "--reason", "superseded"),
        ):
            ran = group.ca(*arguments, "--output", output)
            assert (ran.status, ran.out) == (2, "")
    (authority,) = group.ca("list", "--json").document["authorities"]
    assert (authority["crl_number"], len(authority["issued"])) == (None, 1)


def test_a_vault_keeps_the_keys_where_a_person_chose_it(place: Place) -> None:
    secret, wrong = place.folder / "secret", place.folder / "wrong"
    secret.write_text(PASSPHRASE)
    wrong.write_text("something else")
    new = ("new", "--name", "Group", "--store", "vault")
    assert place.ca(*new).status == 2
    ran = place.ca(*new, "--password-file", secret, "--json")
    assert (ran.status, ran.document["authority"]["root_key"]["store"]) == (0, "vault")
    assert not place.keyring.records
    assert place.ca("new", "--name", "B", "--store", "vault", "--password-file", wrong).status == 2
    output = place.folder / "list.crl"
    crl = ("crl", "Group", "--output", output)
    assert place.ca(*crl).status == 2
    assert place.ca(*crl, "--password-file", wrong).status == 2
    assert not output.exists()
    assert place.ca(*crl, "--password-file", secret).status == 0
    assert PASSPHRASE not in ran.out + ran.err


def test_no_key_is_in_the_workspace(group: Place) -> None:
    issued(group)
    kept = b"".join(
        file.read_bytes() for file in group.folder.rglob("*") if file.is_file() and file.stat().st_size
    )
    assert b"PRIVATE KEY" not in kept
    assert group.keyring.records
    for record in group.keyring.records.values():
        payload = record.rpartition("|")[2]
        assert payload.encode() not in kept


def test_every_command_shows_an_example() -> None:
    for command in ("new", "issue", "revoke", "crl", "list", "root", "delete"):
        ran = trustdesk("ca", command, "--help")
        assert ran.status == 0
        assert "Example: trustdesk ca" in " ".join(ran.out.split())
