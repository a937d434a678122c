"""Partners as CSV and JSON: what is written is read back, and what is wrong has its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.partner_samples import full_entry
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message
from trustdesk.core.partner import Partner, PartnerEntry
from trustdesk.formats.partner_csv import COLUMNS, partners_csv, read_partners_csv
from trustdesk.formats.partner_drafts import PartnerDraft, PartnerFile
from trustdesk.formats.partner_json import partners_json, read_partners_json
from trustdesk.formats.tables import defused, undefused
from trustdesk.services.wording import wording

Form = tuple[Callable[[Sequence[PartnerEntry]], bytes], Callable[[bytes, str], PartnerFile]]
CSV: Form = (partners_csv, read_partners_csv)
JSON: Form = (partners_json, read_partners_json)


def said(messages: Sequence[Message]) -> list[str]:
    return [wording().text(one) for one in messages]


def problems(draft: PartnerDraft) -> list[tuple[str, str]]:
    return [(one.place, wording().text(one.message)) for one in draft.problems]


@pytest.mark.parametrize("form", [CSV, JSON], ids=["csv", "json"])
def test_what_is_written_is_read_back_whole(form: Form) -> None:
    write, read = form
    entry = full_entry()
    found = read(write([entry, PartnerEntry(partner=Partner(name="Zephyr"))]), "partners")
    draft, bare = found.drafts
    partner = entry.partner
    assert (draft.name, draft.company_id, draft.role) == (partner.name, partner.company_id, partner.role)
    assert draft.one_record_ids == partner.one_record_ids
    assert draft.contacts == partner.contacts
    assert draft.note == partner.note
    assert draft.tags is not None
    assert tuple(tag.strip() for tag in draft.tags) == partner.tags
    assert [one.target for one in draft.endpoints] == [one.target for one in entry.endpoints]
    assert [(one.identity, one.claims_mutual_tls) for one in draft.endpoints] == [
        ("halden", True),
        (None, False),
        (None, False),
    ]
    assert draft.endpoints[0].note == "@night"
    assert (bare.name, bare.endpoints) == ("Zephyr", ())
    assert not (*draft.problems, *bare.problems)
    assert found.ignored == ()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝", " ="])
def test_no_cell_begins_a_formula(start: str) -> None:
    entry = PartnerEntry(partner=Partner(name=f"{start}1+1", note=f"a;{start.strip()}2"))
    text = partners_csv([entry]).decode("utf-8-sig").splitlines()[1]
    assert text.startswith("'")
    assert ";'" in text


@given(st.text(alphabet="'=+-@;| \"ab\t\r\n＝", max_size=12))
def test_what_defuses_a_formula_is_taken_back(text: str) -> None:
    assert undefused(defused(text)) == text


@pytest.mark.parametrize("note", ["night desk\n=1+1", "a\t=1", "a\r@b", 'a\n\n "-1'])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_line_of_a_note_begins_a_formula_wherever_a_spreadsheet_cuts(note: str, delimiter: str) -> None:
    text = partners_csv([PartnerEntry(partner=Partner(name="A", note=note))]).decode("utf-8-sig")
    cells = (cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row)
    assert [cell for cell in cells if cell.strip(' \t\r\n"').startswith(("=", "+", "-", "@"))] == []


def test_a_cell_of_nothing_but_separators_takes_no_longer_than_its_length() -> None:
    text = "\n" * 2_000_000
    assert undefused(defused(text)) == text


def test_a_spreadsheets_semicolons_names_and_empty_cells_are_understood() -> None:
    data = "\ufeffOrganisation;URL;1R-IDs;mTLS;Farbe\r\nNordwind;1r.example;;ja;rot\r\n;;;;\r\n".encode()
    found = read_partners_csv(data, "p.csv")
    (draft,) = found.drafts
    assert found.ignored == ("Farbe",)
    assert draft.one_record_ids is None
    assert draft.company_id is None
    assert (draft.endpoints[0].target.host, draft.endpoints[0].claims_mutual_tls) == ("1r.example", True)
    assert draft.endpoints[0].place == "line 2"


def test_every_problem_of_a_line_is_said_with_the_line() -> None:
    lines = [
        "partner,endpoint,role,claims_mtls,company_id,identity",
        "Nordwind,https://a b,boss,,A,",
        '"Nord\nwind",1r.example,,perhaps,B,',
        ",2r.example,,,,",
        "Zephyr,,,,,halden",
        "Zephyr,one too few",
    ]
    nordwind, nameless, zephyr = (
        read_partners_csv("\r\n".join(lines).encode(), "p.csv").drafts[:1]
        + (read_partners_csv("\r\n".join(lines).encode(), "p.csv").drafts[-2:])
    )
    assert problems(nordwind) == [
        ("line 2", "a b is no host name."),
        (
            "line 2",
            "boss is no role: carrier, forwarder, ground_handler, shipper, customs, road_feeder_service, "
            "it_provider, other.",
        ),
    ]
    assert problems(nameless) == [("line 5", "The partner has no name.")]
    assert problems(zephyr) == [
        ("line 6", "identity is given, and no endpoint that it belongs to."),
        ("line 7", "The line has 2 fields, and the header 6."),
    ]


def test_lines_of_one_partner_may_not_contradict_each_other() -> None:
    data = b"partner,company_id,endpoint\nNordwind,A,a.example\nnordwind,,b.example\nNORDWIND,B,c.example\n"
    (draft,) = read_partners_csv(data, "p.csv").drafts
    assert [one.target.host for one in draft.endpoints] == ["a.example", "b.example", "c.example"]
    assert problems(draft) == [("line 4", "company_id is another one here than on the lines before.")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "names of columns"),
        (b"endpoint\nx\n", "no column"),
        (b"partner,name\nx,y\n", "there twice"),
        (b"partner\n\xff\n", "no UTF-8"),
        (b'partner\n"x\n', "no CSV"),
    ],
)
def test_what_is_no_table_of_partners_is_refused_whole(data: bytes, problem: str) -> None:
    with pytest.raises(UnusableInputError) as raised:
        read_partners_csv(data, "p.csv")
    assert problem in wording().text(raised.value.problem)
    assert "CSV in UTF-8" in wording().text(raised.value.remedy)
    assert raised.value.place == "p.csv"


def test_json_says_where_a_value_is_of_another_kind() -> None:
    document = [
        {"name": 7, "tags": "x", "endpoints": [{"endpoint": "a b"}, "text", {"endpoint": "c", "alpn": 1}]},
        {"name": "Zephyr", "role": "boss", "contacts": [{"email": 1}], "colour": "red"},
        9,
    ]
    found = read_partners_json(json.dumps(document).encode(), "p.json")
    first, second, third = map(problems, found.drafts)
    assert first == [
        ("partners[0].name", "a text is expected"),
        ("partners[0].name", "The partner has no name."),
        ("partners[0].tags", "an array is expected"),
        ("partners[0].endpoints[0]", "a b is no host name."),
        ("partners[0].endpoints[1]", "an object is expected"),
        ("partners[0].endpoints[1].endpoint", "a text is expected"),
        ("partners[0].endpoints[2].alpn", "a text is expected"),
    ]
    assert [place for place, _ in second] == ["partners[1].role", "partners[1].contacts[0].email"]
    assert third[0] == ("partners[2]", "an object is expected")
    assert found.ignored == ("colour",)


@pytest.mark.parametrize("data", [b"{}", b'{"partners": 1}', b"{", b'[{"name": "a", "name": "b"}]'])
def test_what_is_no_document_of_partners_is_refused_whole(data: bytes) -> None:
    with pytest.raises(UnusableInputError):
        read_partners_json(data, "p.json")


def test_the_columns_are_those_of_the_header() -> None:
    assert partners_csv([]).decode("utf-8-sig").strip().split(",") == list(COLUMNS)
