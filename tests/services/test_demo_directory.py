from __future__ import annotations

from trustdesk.core.partner import PartnerRole
from trustdesk.lab.catalogue import CATALOGUE, ServerSpec, load_endpoint
from trustdesk.lab.description import LabServer
from trustdesk.services.demo_directory import INVENTED, PAST_INVENTED, directory_entries
from trustdesk.services.partner_rules import usable_entry


def _running(spec: ServerSpec, port: int) -> LabServer:
    return LabServer(
        name=spec.name,
        partner=spec.partner,
        host="127.0.0.1",
        port=port,
        protocol=spec.protocol,
        server_name=spec.dns_name,
        verify_name=spec.dns_name,
        fault=spec.fault,
        expected_outcome=spec.outcome,
        expected_cause=spec.cause,
        identity=None if spec.identity is None else spec.identity.value,
    )


ENTRIES = {
    entry.partner.name: entry
    for entry in directory_entries(
        [_running(spec, 4000 + n) for n, spec in enumerate((*CATALOGUE, load_endpoint(1)))]
    )
}


def test_everybody_is_as_an_office_would_have_them() -> None:
    nordwind = ENTRIES["Nordwind Cargo"]
    assert (nordwind.partner.role, nordwind.partner.company_id) == (PartnerRole.CARRIER, "NORDWIND-CARGO")
    assert nordwind.partner.one_record_ids == ("https://onerecord.nordwind-cargo.example/NORDWIND-CARGO",)
    assert [one.duty for one in nordwind.partner.contacts] == ["certificates", "operations"]
    assert nordwind.partner.contacts[0].email == "certificates@nordwind-cargo.example"
    assert all(entry.partner.role for name, entry in ENTRIES.items() if not name.startswith("Load"))
    # What a person types into the dialog has to be as good.
    assert all(usable_entry(entry) == entry for entry in ENTRIES.values())


def test_the_ones_that_let_nobody_in_without_a_certificate_say_so() -> None:
    claims = {name for name, entry in ENTRIES.items() if entry.endpoints[0].claims_mutual_tls}
    assert {"Tamarisk Air", "Flurfunk Messaging", "Ausweis Air Cargo"} <= claims
    assert not {"Nordwind Cargo", "Neugierig Forwarding", "Load Partner 001"} & claims


def test_what_is_invented_says_so() -> None:
    notes = {name: entry.partner.note for name, entry in ENTRIES.items()}
    assert all(note.startswith(INVENTED) for note in notes.values())
    assert notes["Nordwind Cargo"] == PAST_INVENTED
    assert notes["Zeitlos Air Freight"] == INVENTED
