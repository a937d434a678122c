"""A file beside the directory: what is new, changed, the same, there already, or unusable."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.partner_samples import endpoint, full_entry
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.partner import Contact, Partner, PartnerEntry, PartnerRole
from trustdesk.services import partner_import
from trustdesk.services.directory_values import ImportStanding, Resemblance
from trustdesk.services.partner_duplicates import duplicate_groups
from trustdesk.services.partner_export import export_partners
from trustdesk.services.partner_import import entries_of, preview_import
from trustdesk.services.partner_rules import MAX_EACH, faults_of, tidied, usable_entry
from trustdesk.services.partner_words import duplicate_words
from trustdesk.services.wording import wording


def kept(name: str = "Nordwind Cargo", number: int = 1) -> PartnerEntry:
    entry = full_entry(name)
    return PartnerEntry(
        partner=replace(entry.partner, id=number, revision=3),
        endpoints=tuple(replace(one, id=number * 10 + place) for place, one in enumerate(entry.endpoints)),
    )


def written(folder: Path, text: str, name: str = "partners.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["p.csv", "p.json"])
def test_what_was_exported_changes_nothing(name: str, tmp_path: Path) -> None:
    entries = (kept(), PartnerEntry(partner=Partner(id=2, name="Zephyr", revision=1)))
    assert export_partners(tmp_path / name, entries) == 2
    preview = preview_import(tmp_path / name, entries)
    assert [row.standing for row in preview.rows] == [ImportStanding.SAME] * 2
    assert [row.entry for row in preview.rows] == list(entries)
    assert entries_of(preview) == ()


def test_an_export_has_to_say_its_form(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="CSV or JSON"):
        export_partners(tmp_path / "p.xlsx", [kept()])


def test_a_file_adds_and_changes_and_never_removes(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "partner,company_id,role,endpoint,identity,tags\n"
        "NORDWIND CARGO,,shipper,https://1r.nordwind.example:8443/NWC,,\n"
        "Nordwind Cargo,,,new.nordwind.example,halden,\n"
        "Zephyr,ZEP,,z.example,,pilot\n",
    )
    preview = preview_import(file, [kept()])
    changed, new = preview.rows
    assert (changed.standing, new.standing) == (ImportStanding.CHANGED, ImportStanding.NEW)
    assert [wording().text(one) for one in changed.changes] == [
        "Role: Shipper in place of Carrier.",
        "https://1r.nordwind.example:8443/NWC is tested in another way.",
        "New endpoint https://new.nordwind.example.",
    ]
    entry = changed.entry
    assert entry is not None
    before = kept().partner
    assert entry.partner == replace(before, role=PartnerRole.SHIPPER)
    assert [one.id for one in entry.endpoints] == [10, 11, 12, 0]
    # The same address without the ways around it is said anew; what the file leaves out of it stays.
    assert (entry.endpoints[0].target.connect_address, entry.endpoints[0].identity) == (None, "halden")
    assert preview.counts[ImportStanding.NEW] == 1
    assert preview.is_usable
    assert [one.partner.name for one in entries_of(preview)] == ["Nordwind Cargo", "Zephyr"]


def test_json_clears_what_it_says_to_be_empty(tmp_path: Path) -> None:
    document = {"partners": [{"name": "Nordwind Cargo", "tags": [], "note": "", "contacts": []}]}
    (row,) = preview_import(written(tmp_path, json.dumps(document), "p.json"), [kept()]).rows
    assert row.entry is not None
    partner = row.entry.partner
    assert (partner.tags, partner.note, partner.contacts) == ((), "", ())
    assert partner.one_record_ids == kept().partner.one_record_ids


def test_one_unusable_row_keeps_the_whole_file_out(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "partner,endpoint,company_id,one_record_ids,contact_email\n"
        "Zephyr,z.example,Z,https://z.example/Z,\n"
        "Halden,h.example,H D,halden.example,no address\n",
    )
    preview = preview_import(file, [])
    good, bad = preview.rows
    assert (good.standing, bad.standing) == (ImportStanding.NEW, ImportStanding.UNUSABLE)
    assert [(one.place, wording().text(one.message)) for one in bad.problems] == [
        ("line 3", "The company id H D holds more than letters, digits and . _ ~ -."),
        ("line 3", "halden.example is no 1R-ID: write https://HOST/COMPANY-ID."),
        ("line 3", "no address is no e-mail address."),
    ]
    with pytest.raises(UnusableInputError) as raised:
        entries_of(preview)
    assert wording().text(raised.value.problem).startswith("line 3: ")
    assert raised.value.place == str(file)


def test_a_new_partner_that_resembles_one_waits_for_a_choice(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "partner,company_id,one_record_ids,endpoint\n"
        "One,nwc,,\n"
        "Two,,https://1R.NORDWIND.example/NWC,\n"
        "Three,,,plain.nordwind.example\n"
        "Nordwind Cargo GmbH,,,\n"
        "Other,OTH,,\n"
        "Another,oth,,\n",
    )
    preview = preview_import(file, [kept()])
    assert [row.standing for row in preview.rows] == [
        *[ImportStanding.DUPLICATE] * 4,
        ImportStanding.NEW,
        ImportStanding.DUPLICATE,
    ]
    assert [wording().text(row.resembles[0]) for row in preview.rows if row.resembles] == [
        "Nordwind Cargo has the company id nwc too.",
        "Nordwind Cargo has the 1R-ID https://1R.NORDWIND.example/NWC too.",
        "Nordwind Cargo has the endpoint https://plain.nordwind.example too.",
        "Its name is nearly that of Nordwind Cargo.",
        "Other has the company id oth too.",
    ]
    assert [one.partner.name for one in entries_of(preview)] == ["Other"]
    assert [one.partner.name for one in entries_of(preview, ["Two"])] == ["Two", "Other"]


def test_json_may_name_a_partner_once(tmp_path: Path) -> None:
    file = written(tmp_path, '[{"name": "Zephyr"}, {"name": "ZEPHYR"}]', "p.json")
    first, second = preview_import(file, []).rows
    assert (first.standing, second.standing) == (ImportStanding.NEW, ImportStanding.UNUSABLE)
    assert second.problems[0].place == "partners[1]"


def test_a_partner_of_thousands_of_endpoints_is_refused_without_comparing_them(tmp_path: Path) -> None:
    lines = (f"Nordwind,h{number}.example,c{number}\n" for number in range(20_000))
    file = written(tmp_path, "partner,endpoint,contact\n" + "".join(lines))
    (row,) = preview_import(file, [kept()]).rows
    said = [wording("en").text(one.message) for one in row.problems]
    assert said[0] == "There are 20000 of them; at most 100 can be kept."
    assert row.standing is ImportStanding.UNUSABLE


def test_a_file_without_anybody_is_refused(tmp_path: Path) -> None:
    for name, text in (("p.csv", "partner\n"), ("p.json", "[]"), ("p.txt", " []")):
        with pytest.raises(UnusableInputError, match="no partner in this file"):
            preview_import(written(tmp_path, text, name), [])


def test_a_file_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partner_import, "MAX_BYTES", 8)
    with pytest.raises(UnusableInputError) as raised:
        preview_import(written(tmp_path, "partner\nZephyr\n"), [])
    assert wording().text(raised.value.remedy) == "Import it in parts."


def test_who_is_there_twice_is_found_by_each_kind() -> None:
    def entry(name: str, **values: object) -> PartnerEntry:
        return PartnerEntry(partner=replace(Partner(name=name), **values))  # type: ignore[arg-type]

    groups = duplicate_groups(
        [
            entry("Alpha", company_id="X1"),
            entry("Beta", company_id="x1"),
            entry("Gamma", one_record_ids=("https://G.example/GA",)),
            entry("Delta", one_record_ids=("https://g.example/GA/",)),
            replace(entry("Eta"), endpoints=(endpoint("https://same.example/a"),)),
            replace(entry("Theta"), endpoints=(endpoint("https://same.example/a"),)),
            replace(entry("Iota"), endpoints=(endpoint("https://same.example/b"),)),
            entry("Müller Air Cargo GmbH & Co. KG"),
            entry("Muller Air Cargo Ltd."),
            entry("Terminal North 1"),
            entry("Terminal North 2"),
            entry("BAX"),
            entry("BAY"),
            entry("Northwind"),
            entry("Nortwind"),
        ]
    )
    assert [(one.resemblance, one.partners) for one in groups] == [
        (Resemblance.COMPANY_ID, ("Alpha", "Beta")),
        (Resemblance.ONE_RECORD_ID, ("Delta", "Gamma")),
        (Resemblance.ENDPOINT, ("Eta", "Theta")),
        (Resemblance.NAME, ("Muller Air Cargo Ltd.", "Müller Air Cargo GmbH & Co. KG")),
        (Resemblance.NAME, ("Northwind", "Nortwind")),
    ]
    assert wording().text(duplicate_words(groups[0])) == "Alpha, Beta have the company id X1."


def test_an_entry_is_tidied_before_it_is_kept() -> None:
    entry = PartnerEntry(
        partner=Partner(
            name="  Nord \n wind ",
            one_record_ids=(" https://a.example/A ", "https://a.example/A", ""),
            tags=("Pilot", " pilot", ""),
            contacts=(Contact(name=" Ann  Lee "), Contact(name=" ")),
        ),
        endpoints=(endpoint("a.example", identity=" "),),
    )
    tidy = tidied(entry)
    assert tidy.partner.name == "Nord wind"
    assert tidy.partner.one_record_ids == ("https://a.example/A",)
    assert tidy.partner.tags == ("Pilot",)
    assert tidy.partner.contacts == (Contact(name="Ann Lee"),)
    assert (tidy.endpoints[0].partner, tidy.endpoints[0].identity) == ("Nord wind", None)
    assert faults_of(tidy) == ()
    assert usable_entry(entry) == tidy


@pytest.mark.parametrize(
    ("partner", "problem"),
    [
        (Partner(name=" "), "has no name"),
        (Partner(name="x" * 201), "more than 200 characters"),
        (Partner(name="in\u200bvisible"), "cannot be seen"),
        (Partner(name="\u202egnp"), "cannot be seen"),
        (Partner(name="a", company_id="A/B"), "company id A/B"),
        (Partner(name="a", note="x\x1b[2J"), "note holds characters"),
        (Partner(name="a", note="x" * 4001), "more than 4000"),
        (Partner(name="a", tags=("x;y",)), "comma or semicolon"),
        (Partner(name="a", tags=tuple(str(one) for one in range(MAX_EACH + 1))), "There are 101"),
        (Partner(name="a", one_record_ids=("https://ann:pw@h.example/A",)), "is no 1R-ID"),
        (Partner(name="a", one_record_ids=("ftp://h.example/A",)), "is no 1R-ID"),
        (Partner(name="a", contacts=(Contact(name="b", email="x"),)), "no e-mail"),
    ],
)
def test_what_cannot_be_kept_is_said(partner: Partner, problem: str) -> None:
    with pytest.raises(UnusableInputError) as raised:
        usable_entry(PartnerEntry(partner=partner))
    assert problem in wording().text(raised.value.problem)


def test_an_endpoint_is_there_once() -> None:
    twice = PartnerEntry(partner=Partner(name="a"), endpoints=(endpoint("a.example"), endpoint("A.example")))
    with pytest.raises(UnusableInputError, match="there twice"):
        usable_entry(twice)
