"""What is open, and the issuer trees of it: without a window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support import pki
from tests.support.inspected import broken_item, certificate_item, file_of, opened
from tests.support.pki import NOW, Issued
from trustdesk.core.inspection import CrlFacts, CsrFacts, InspectedItem, ItemKind, KeyFacts
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.inspector.tree import TreeFilter, TreeNode, first_leaf, tree_of

DAY = timedelta(days=1)


def outline(nodes: tuple[TreeNode, ...], depth: int = 0) -> list[str]:
    lines = []
    for node in nodes:
        lines.append(f"{'  ' * depth}{node.title}")
        lines += outline(node.children, depth + 1)
    return lines


def node_of(nodes: tuple[TreeNode, ...], issued: Issued) -> TreeNode:
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node.key == issued.sha256:
            return node
        waiting += node.children
    raise AssertionError("it is not in the tree")


def test_a_certificate_in_two_files_is_one_item_with_two_places() -> None:
    root = pki.root()
    items = opened(certificate_item(root, "a.pem"), certificate_item(root, "b.pem", 3))
    assert len(items) == 1
    assert items.items[0].places == (("a.pem", 0), ("b.pem", 3))
    assert items.sources == ("a.pem", "b.pem")


def test_roots_stand_above_what_they_issued_whatever_the_order_of_the_file() -> None:
    root = pki.root("Skybridge Root")
    middle = pki.authority("Skybridge Issuing", root)
    leaf = pki.server(middle, common_name="a.example")
    other = pki.server(middle, common_name="b.example")
    nodes = tree_of(opened(*file_of(leaf, other, middle, root)).items, now=NOW)
    assert outline(nodes) == [
        "Skybridge Root",
        "  Skybridge Issuing",
        "    a.example",
        "    b.example",
    ]


def test_a_cross_signed_ca_has_its_children_once_and_a_link_where_it_stands_again() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    root, elder = pki.root("Young Root", key=key), pki.root("Elder Root")
    cross = pki.authority("Young Root", elder, key=key)
    leaf = pki.server(root, common_name="a.example")
    nodes = tree_of(opened(*file_of(cross, leaf, root, elder)).items, now=NOW)
    assert outline(nodes) == ["Elder Root", "  Young Root", "Young Root", "  a.example"]
    link = node_of(nodes, cross)
    assert (link.is_link, link.icon, link.aside) == (True, "link", "cross-sign")
    assert not node_of(nodes, root).is_link


def test_an_issuer_of_the_right_name_and_another_key_is_not_the_parent() -> None:
    from cryptography import x509

    def ids(own: Issued | None, above: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey):  # type: ignore[no-untyped-def]
        return [
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), False),
        ]

    old, new, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    old_root = pki.authority("Root", None, key=old, extensions=ids(None, old, old))
    new_root = pki.authority("Root", None, key=new, extensions=ids(None, new, new))
    leaf = pki.server(new_root, common_name="a.example", key=leaf_key, extensions=ids(None, new, leaf_key))
    nodes = tree_of(opened(*file_of(old_root, new_root, leaf)).items, now=NOW)
    assert [child.key for child in node_of(nodes, new_root).children] == [leaf.sha256]
    assert node_of(nodes, old_root).children == ()


def test_issuers_in_a_ring_are_all_there() -> None:
    first_key, second_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    first_stub, second_stub = pki.root("First", key=first_key), pki.root("Second", key=second_key)
    first = pki.authority("First", second_stub, key=first_key)
    second = pki.authority("Second", first_stub, key=second_key)
    nodes = tree_of(opened(*file_of(first, second)).items, now=NOW)
    assert sorted(line.strip() for line in outline(nodes)) == ["First", "Second"]


def test_a_chain_of_a_thousand_stays_within_bounds() -> None:
    from trustdesk.core.certificate import CertificateFacts
    from trustdesk.core.inspection import CertificateDetails

    def item(number: int) -> InspectedItem:
        facts = CertificateFacts(
            der=b"", sha256=f"{number:064x}", subject=f"CN={number}", issuer=f"CN={number + 1}", is_ca=True
        )
        details = CertificateDetails(facts=facts, sha1="")
        return InspectedItem(
            kind=ItemKind.CERTIFICATE, source="deep.pem", position=number, certificate=details
        )

    nodes = tree_of(opened(*map(item, range(1000))).items, now=NOW)
    lines = outline(nodes)
    assert len(lines) == 1000
    assert max((len(line) - len(line.lstrip())) // 2 for line in lines) <= 24


@pytest.mark.parametrize(
    ("ends", "aside", "ink", "icon"),
    [
        (-DAY, "expired", "bad", "bad"),
        (5 * DAY, "5 d", "warning", "certificate"),
        (88 * DAY, "88 d", "text2", "certificate"),
    ],
)
def test_a_row_says_how_long_its_certificate_lasts(ends: timedelta, aside: str, ink: str, icon: str) -> None:
    leaf = pki.server(pki.root(), not_after=NOW + ends)
    node = tree_of(opened(certificate_item(leaf)).items, now=NOW)[0]
    assert (node.aside, node.ink, node.icon) == (aside, ink, icon)


def test_only_a_ca_on_the_list_in_force_is_green() -> None:
    mine, theirs = pki.root("Mine"), pki.root("Theirs")
    nodes = tree_of(opened(*file_of(mine, theirs)).items, now=NOW, anchors=frozenset({mine.sha256}))
    assert {node.title: node.ink for node in nodes} == {"Mine": "good", "Theirs": "text2"}
    assert "on the list in force" in node_of(nodes, mine).spoken


def test_what_is_no_certificate_stands_below_in_groups_with_its_reason() -> None:
    csr = CsrFacts(der=b"\x30\x00", sha256="1" * 64, subject="CN=halden-2027")
    crl = CrlFacts(der=b"\x30\x00", sha256="2" * 64, issuer="CN=Root")
    key = KeyFacts(form="PKCS#8", encrypted=False, algorithm="EC", spki_sha256="3" * 64)
    items = opened(
        InspectedItem(kind=ItemKind.CSR, source="a.csr", position=0, csr=csr),
        InspectedItem(kind=ItemKind.CRL, source="a.crl", position=0, crl=crl),
        InspectedItem(kind=ItemKind.PRIVATE_KEY, source="a.key", position=0, key=key),
        InspectedItem(kind=ItemKind.PKCS12, source="a.p12", position=0, locked=True),
        broken_item(position=3),
    )
    nodes = tree_of(items.items, now=NOW)
    assert outline(nodes) == [
        "Requests",
        "  CN=halden-2027",
        "Revocation lists",
        "  CN=Root",
        "Private keys",
        "  a.key",
        "Locked",
        "  a.p12",
        "Not readable",
        "  broken.pem, item 4",
    ]
    unreadable = nodes[-1].children[0]
    assert (unreadable.aside, unreadable.ink) == ("damaged", "bad")
    assert "The item is cut off." in unreadable.spoken
    assert nodes[-2].children[0].aside == "password"


def test_a_key_is_a_mark_on_its_certificate_and_no_row_of_its_own() -> None:
    leaf = pki.client(pki.root(), "halden")
    item = certificate_item(leaf)
    assert item.certificate is not None
    key = KeyFacts(form="PKCS#8", encrypted=False, spki_sha256=item.certificate.spki_sha256)
    keyed = InspectedItem(kind=ItemKind.PRIVATE_KEY, source="chain.pem", position=1, key=key)
    items = opened(item, keyed)
    nodes = tree_of(items.items, now=NOW)
    assert [node.icon for node in nodes] == ["key"]
    items.remove(next(one.key for one in items.items if one.item.key is not None))
    assert tree_of(items.items, now=NOW)[0].icon == "certificate"


def test_filters_leave_what_they_promise() -> None:
    root = pki.root("Skybridge Root")
    old = pki.server(root, "old.example", common_name="old.example", not_after=NOW - DAY)
    new = pki.server(root, "new.example", common_name="new.example")
    items = opened(*file_of(root, old, new)).items

    def shown(wanted: TreeFilter) -> list[str]:
        return [line.strip() for line in outline(tree_of(items, now=NOW, wanted=wanted))]

    assert shown(TreeFilter(hides_expired=True)) == ["Skybridge Root", "new.example"]
    assert shown(TreeFilter(only_with_key=True)) == []
    assert shown(TreeFilter(text="NEW.example")) == ["new.example"]
    assert shown(TreeFilter(text="serverAuth old")) == ["old.example"]
    digest = new.sha256.upper()
    pairs = ":".join(digest[i : i + 2] for i in range(0, 64, 2))
    assert shown(TreeFilter(text=pairs)) == ["new.example"]
    assert shown(TreeFilter(flat=True)) == ["new.example", "old.example", "Skybridge Root"]


def test_the_leaf_is_shown_first_and_a_ca_where_there_is_none() -> None:
    root = pki.root()
    leaf = pki.server(root)
    assert first_leaf(opened(*file_of(root, leaf)).items) == leaf.sha256
    assert first_leaf(opened(broken_item(), certificate_item(root)).items) == root.sha256
    assert first_leaf(()) is None


def test_names_of_a_peer_are_escaped() -> None:
    evil = pki.server(pki.root(), common_name="\u202eelpmaxe <b>x</b>")
    node = tree_of(opened(certificate_item(evil)).items, now=NOW)[0]
    assert node.title == "\\u202eelpmaxe <b>x</b>"


def test_a_container_that_opened_says_nothing_by_itself() -> None:
    bundle = InspectedItem(kind=ItemKind.PKCS7, source="a.p7b", position=0, count=1)
    made = OpenedItems()
    assert made.add([bundle]) == ()
    assert len(made) == 0


def test_what_came_along_is_the_file_in_its_order() -> None:
    root = pki.root()
    middle = pki.authority("Middle", root)
    leaf = pki.server(middle)
    items = opened(*file_of(leaf, middle, source="chain.pem"), *file_of(root, source="root.pem"))
    assert items.came_along(leaf.sha256) == (leaf.sha256, middle.sha256)
    assert {facts.sha256 for facts in items.beside(leaf.sha256)} == {middle.sha256, root.sha256}
