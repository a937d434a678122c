"""From a private CA to an identity and its end, through the window's own dialogs, on the real desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.event_loop import run_until, settle
from tests.support.memory_secrets import MemorySecrets
from tests.support.on_screen import on_screen, window_with_pages
from tests.support.own_group import member_of_a_group
from trustdesk.core.certificate_request import CaseState
from trustdesk.core.identity import Usable
from trustdesk.core.private_ca import RevocationReason
from trustdesk.gui.authority.new_dialog import NewAuthorityDialog
from trustdesk.gui.authority.page import AuthorityPage
from trustdesk.gui.authority.revoke_dialog import RevokeDialog
from trustdesk.gui.authority.sign_dialog import SignDialog
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.cases_page import CasesPage
from trustdesk.gui.requests.match_dialog import MatchDialog
from trustdesk.gui.requests.take_dialog import TakeDialog
from trustdesk.gui.requests.wish import Wanted, Wish
from trustdesk.gui.requests.wizard import RequestWizard
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.storage.workspace import Workspace

ID = "https://1r.haldenair.example/HAC"
LONG_S = 30.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    opened = LiveDesk(
        workspace=Workspace.open(tmp_path / "workspace"),
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        proxies=NoProxy(),
        keyring=MemorySecrets(),
    )
    yield opened
    opened.close()


@pytest.fixture
def authorities(bridge: Bridge, desk: LiveDesk) -> Iterator[AuthorityPage]:
    made = AuthorityPage(bridge)
    made.set_desk(desk)
    made.resize(1240, 780)
    made.show()
    run_until(made.empty.isVisible, what="the empty state")
    yield made
    made.close()
    made.deleteLater()
    settle()


@pytest.fixture
def cases(bridge: Bridge, desk: LiveDesk) -> Iterator[CasesPage]:
    made = CasesPage(bridge)
    made.set_desk(desk)
    made.show()
    yield made
    made.close()
    made.deleteLater()
    settle()


def make_authority(page: AuthorityPage) -> None:
    page.empty.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewAuthorityDialog)
    dialog.name.setText("Halden Group")
    dialog.limit_entry.write("DNS:haldenair.example")
    dialog.limit_entry.add()
    run_until(dialog.create_button.isEnabled, what="the key stores")
    dialog.create_button.click()
    run_until(lambda: page.authorities, what="the CA")


def make_request(bridge: Bridge, desk: LiveDesk, folder: Path, wish: Wish) -> list[str]:
    wizard = RequestWizard(None, bridge, desk, wish=wish)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    wizard.save.use_folder(folder)
    wizard.show()
    run_until(lambda: wizard.key.is_sound, what="the key stores")
    for _step in range(4):
        assert wizard.next_button.isEnabled(), f"stopped at step {wizard.place}"
        wizard.go_on()
    wizard.next_button.click()
    run_until(lambda: wizard.save.made.facts, what="the requests")
    names = [case.name for case in wizard.making.cases]
    assert all((folder / f"{name}.csr").is_file() for name in names)
    wizard.done(0)
    return names


def sign(page: AuthorityPage, name: str, file: Path) -> None:
    page.detail.sign_button.click()
    dialog = page.dialog
    assert isinstance(dialog, SignDialog)
    run_until(lambda: dialog.cases.findText(name) > 0, what="the case")
    place = dialog.cases.findText(name)
    dialog.cases.setCurrentIndex(place)
    dialog.cases.activated.emit(place)
    run_until(dialog.sign_button.isEnabled, what="the preflight")
    assert dialog.not_run, "nobody was named whose hosts could be compared"
    dialog.ask_file = lambda _parent, _name: file
    dialog.sign_button.click()
    run_until(dialog.save_button.isVisible, what="the certificate")
    dialog.save_button.click()
    run_until(file.is_file, what="the chain")
    dialog.done(0)


def test_a_request_becomes_an_identity_and_is_revoked(
    authorities: AuthorityPage, cases: CasesPage, bridge: Bridge, desk: LiveDesk, tmp_path: Path
) -> None:
    make_authority(authorities)
    assert authorities.detail.authority is not None
    (name,) = make_request(bridge, desk, tmp_path, Wish(one_record_ids=(ID,)))
    chain, crl = tmp_path / "chain.pem", tmp_path / "group.crl"
    sign(authorities, name, chain)

    matching = MatchDialog(authorities, bridge, desk)
    matching.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    matching.show()
    matching.read([chain])
    run_until(lambda: matching.cards, what="the reply")
    (card,) = matching.cards
    assert card.rows == [], "the profile issues what was asked for"
    assert card.chain.is_known
    card.accept_button.click()
    run_until(lambda: not matching.notice.isHidden(), what="the identity")
    matching.done(0)
    (view,) = desk.identity_desk.views().result(LONG_S)
    assert view.identity.name == name
    assert view.one_record_ids == (ID,)

    cases.reload()
    run_until(lambda: cases.cases and cases.cases[0].state is CaseState.INSTALLED, what="the case")
    assert not cases.detail.identity_button.isHidden()

    run_until(lambda: authorities.detail.table.rows, what="the issued certificate")
    authorities.detail.revoke_button.click()
    dialog = authorities.dialog
    assert isinstance(dialog, RevokeDialog)
    dialog.reason.setCurrentIndex(dialog.reason.findData(RevocationReason.KEY_COMPROMISE))
    dialog.act_button.click()
    run_until(dialog.save_button.isVisible, what="the list")
    dialog.ask_file = lambda _parent, _name: crl
    dialog.save_button.click()
    run_until(crl.is_file, what="its file")
    dialog.done(0)
    revoked = x509.load_der_x509_crl(crl.read_bytes())
    serial = int(view.identity.certificate.serial_number or "0", 16)
    assert revoked.get_revoked_certificate_by_serial_number(serial) is not None


def test_a_name_outside_of_the_limits_is_not_signed(
    authorities: AuthorityPage, bridge: Bridge, desk: LiveDesk, tmp_path: Path
) -> None:
    make_authority(authorities)
    wish = Wish(one_record_ids=("https://1r.elsewhere.example/ELS",))
    (name,) = make_request(bridge, desk, tmp_path, wish)
    authorities.detail.sign_button.click()
    dialog = authorities.dialog
    assert isinstance(dialog, SignDialog)
    run_until(lambda: dialog.cases.findText(name) > 0, what="the case")
    dialog.cases.activated.emit(dialog.cases.findText(name))
    run_until(lambda: dialog.findings.rows, what="the preflight")
    assert dialog.blocking
    assert not dialog.sign_button.isEnabled()
    dialog.done(0)


def test_both_makes_two_keys(bridge: Bridge, desk: LiveDesk, tmp_path: Path) -> None:
    wish = Wish(wanted=Wanted.BOTH, one_record_ids=(ID,))
    assert len(make_request(bridge, desk, tmp_path, wish)) == 2
    found = desk.identity_desk.cases().result(LONG_S)
    assert len({case.request.spki_sha256 for case in found}) == 2


def test_a_request_from_a_server_is_taken_in(
    cases: CasesPage, bridge: Bridge, desk: LiveDesk, tmp_path: Path
) -> None:
    file = tmp_path / "edge.csr"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edge.haldenair.example")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    file.write_bytes(made.public_bytes(Encoding.PEM))
    dialog = TakeDialog(cases, bridge, desk)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    dialog.read(file)
    run_until(dialog.take_button.isEnabled, what="the request")
    dialog.take_button.click()
    run_until(lambda: not dialog.isVisible(), what="the case")
    cases.reload()
    run_until(lambda: cases.cases, what="the list")
    assert cases.cases[0].key is None
    assert cases.detail.next.words.startswith("It waits for the CA.")


def test_what_our_own_ca_revokes_is_judged_anew_on_every_page_at_once(
    qapp: QApplication, desk: LiveDesk, tmp_path: Path
) -> None:
    member_of_a_group(desk, tmp_path)
    with on_screen(qapp, window_with_pages, (1440, 900)) as window:
        window.set_desk(desk)
        assert window.request_tabs is not None
        identities, authorities = window.identities, window.request_tabs.authorities
        run_until(lambda: identities.model.is_judged and authorities.authorities, what="the pages")
        assert identities.model.at(0).client.usable is Usable.YES
        told: list[None] = []
        window.inspector.evidence_changed.connect(lambda: told.append(None))
        authorities.detail.revoke_button.click()
        dialog = authorities.dialog
        assert isinstance(dialog, RevokeDialog)
        dialog.act_button.click()
        run_until(lambda: told, what="word for Partners, Handshake and Inspector")
        run_until(
            lambda: identities.model.is_judged and identities.model.at(0).client.usable is Usable.NO,
            what="the verdict on the identity",
        )
        assert window.inspector.evidence.in_use.kept == 2, "the issuing CA's list, and the root's"
        dialog.done(0)
