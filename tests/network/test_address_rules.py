"""Which addresses a download may go to; nothing here connects to any of them."""

from __future__ import annotations

import pytest

from trustdesk.network.address_rules import AddressKind, kind_of_address, refusal_of


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("93.184.215.14", AddressKind.PUBLIC),
        ("2606:2800:21f:cb07::1", AddressKind.PUBLIC),
        ("127.8.9.1", AddressKind.LOOPBACK),
        ("::1", AddressKind.LOOPBACK),
        ("::ffff:127.0.0.1", AddressKind.LOOPBACK),
        ("64:ff9b::7f00:1", AddressKind.LOOPBACK),
        ("2002:a01:203::1", AddressKind.PRIVATE),
        ("10.0.0.1", AddressKind.PRIVATE),
        ("172.31.255.255", AddressKind.PRIVATE),
        ("192.168.1.1", AddressKind.PRIVATE),
        ("100.64.1.1", AddressKind.RESERVED),
        ("192.0.0.8", AddressKind.RESERVED),
        ("198.18.0.1", AddressKind.RESERVED),
        ("fd00::1", AddressKind.PRIVATE),
        ("64:ff9b:1::1", AddressKind.RESERVED),
        ("2001:db8::1", AddressKind.RESERVED),
        ("169.254.169.254", AddressKind.LINK_LOCAL),
        ("fe80::1%eth0", AddressKind.LINK_LOCAL),
        ("fec0::1", AddressKind.LINK_LOCAL),
        ("::ffff:169.254.169.254", AddressKind.LINK_LOCAL),
        ("64:ff9b::a9fe:a9fe", AddressKind.LINK_LOCAL),
        ("2002:a9fe:a9fe::1", AddressKind.LINK_LOCAL),
        ("fd00:ec2::254", AddressKind.METADATA),
        ("fd20:ce::254", AddressKind.METADATA),
        ("224.0.0.1", AddressKind.MULTICAST),
        ("ff02::1", AddressKind.MULTICAST),
        ("240.0.0.1", AddressKind.RESERVED),
        ("255.255.255.255", AddressKind.RESERVED),
        ("0.0.0.0", AddressKind.UNSPECIFIED),  # noqa: S104 - refused, not bound
        ("::", AddressKind.UNSPECIFIED),
    ],
)
def test_addresses_are_what_the_registries_say(address: str, kind: AddressKind) -> None:
    assert kind_of_address(address) is kind
    assert (refusal_of(address, allow_private=False) is None) is (kind is AddressKind.PUBLIC)
    own = kind in {AddressKind.LOOPBACK, AddressKind.PRIVATE}
    assert (refusal_of(address, allow_private=True) is None) is (own or kind is AddressKind.PUBLIC)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "fd12::1"])
def test_leave_for_private_addresses_is_for_this_machine_and_for_networks_of_ones_own(address: str) -> None:
    assert refusal_of(address, allow_private=True) is None
    assert refusal_of(address, allow_private=False) is not None


@pytest.mark.parametrize(
    "address",
    [
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fe80::a9fe:a9fe%1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
    ],
)
def test_the_local_link_and_services_of_clouds_are_refused_always(address: str) -> None:
    assert refusal_of(address, allow_private=True) is not None
    assert refusal_of(address, allow_private=False) is not None


def test_leave_for_private_addresses_is_no_leave_for_what_is_nobodys() -> None:
    assert refusal_of("224.0.0.1", allow_private=True) is not None
    assert refusal_of("::", allow_private=True) is not None
