"""`trustdesk partner`: the partner directory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import file_path, json_option, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.partner_changes import last_changes, read_histories
from trustdesk.cli.partner_fields import PartnerFields, edited, field_options
from trustdesk.cli.render import console
from trustdesk.cli.render_partner import print_duplicates, print_partner, print_partners, print_preview
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg, msg_n
from trustdesk.core.partner import Partner, PartnerEntry
from trustdesk.formats.json_text import json_text
from trustdesk.formats.partner_documents import (
    change_document,
    import_document,
    partner_document,
    partner_list_document,
)
from trustdesk.services.board import board_row
from trustdesk.services.directory_desk import DirectoryDesk
from trustdesk.services.directory_values import DirectoryChange, ImportPreview, ImportStanding
from trustdesk.services.history_document import history_value
from trustdesk.services.partner_words import change_words
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def partner() -> None:
    """The partner directory: organisations, their endpoints, and whom to ask there."""


@partner.command(name="list", epilog="Example: trustdesk partner list --tag pilot --json")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only partners with this tag (repeatable).")
@click.option("--duplicates", is_flag=True, help="Show partners that may be there twice.")
@workspace_option
@json_option
def list_partners(
    tags: tuple[str, ...], duplicates: bool, workspace: WorkspacePlace | None, as_json: bool
) -> None:
    """List the partners with their endpoints."""
    wanted = {tag.casefold() for tag in tags}
    with own_desk(workspace) as desk:
        entries = desk.directory_desk.partners().result()
        groups = desk.directory_desk.duplicates().result() if duplicates else ()
    entries = tuple(one for one in entries if wanted <= {tag.casefold() for tag in one.partner.tags})
    if as_json:
        found = [(str(one.resemblance), one.shared, one.partners) for one in groups]
        document = partner_list_document(entries, found if duplicates else None)
        click.echo(json_text(document, indent=1))
    elif duplicates:
        print_duplicates(console(), groups)
    else:
        print_partners(console(), entries)


@partner.command(epilog="Example: trustdesk partner show Nordwind")
@click.argument("name", metavar="NAME")
@workspace_option
@json_option
def show(name: str, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Show one partner: what is known of it, its endpoints, and what changed there last."""
    with own_desk(workspace) as desk:
        entry = desk.directory_desk.partner(name).result()
        histories = read_histories(desk.history_desk, entry.endpoints)
        now = datetime.now(UTC)
        standings = [board_row(one, desk.last_report(one.id).result(), now) for one in entry.endpoints]
    changes = last_changes(histories)
    if as_json:
        history = [history_value(endpoint, past, wording().text) for endpoint, past in histories]
        click.echo(json_text({**partner_document(entry, changes), "history": history}, indent=1))
    else:
        print_partner(console(), entry, standings, changes)


@partner.command(
    epilog="Example: trustdesk partner add Nordwind --endpoint https://1r.nordwind.example --company-id NWC"
)
@click.argument("name", metavar="NAME")
@field_options
@workspace_option
@json_option
def add(name: str, fields: PartnerFields, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Add a partner. Endpoints are written as for `trustdesk probe`."""
    entry = edited(PartnerEntry(partner=Partner(name=name)), fields)
    with own_desk(workspace) as desk:
        change = desk.directory_desk.save(entry).result()
        _show_kept(desk.directory_desk, entry.partner.name, change, as_json)


@partner.command(epilog="Example: trustdesk partner edit Nordwind --tag pilot --role carrier")
@click.argument("name", metavar="NAME")
@click.option("--rename", metavar="NAME", help="Call it so from now on; its history stays.")
@field_options
@click.option(
    "--remove-endpoint",
    "gone",
    multiple=True,
    metavar="TARGET",
    help="Take an endpoint away, with all that was observed there (repeatable).",
)
@workspace_option
@json_option
def edit(
    name: str,
    rename: str | None,
    fields: PartnerFields,
    gone: tuple[str, ...],
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Change a partner. What is not named stays; an empty text clears it; endpoints are added."""
    with own_desk(workspace) as desk:
        before = desk.directory_desk.partner(name).result()
        entry = edited(before, fields, gone)
        if rename is not None:
            entry = replace(entry, partner=replace(entry.partner, name=rename))
        change = DirectoryChange() if entry == before else desk.directory_desk.save(entry).result()
        _show_kept(desk.directory_desk, entry.partner.name, change, as_json)


@partner.command(epilog="Example: trustdesk partner remove Nordwind")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
@json_option
def remove(names: tuple[str, ...], yes: bool, workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Remove partners with their endpoints and all that was observed there."""
    with own_desk(workspace) as desk:
        found = [desk.directory_desk.partner(name).result().partner.name for name in names]
        if not yes and not as_json:
            question = msg_n(
                "Remove {count} partner, with all that was observed there?",
                "Remove {count} partners, with all that was observed there?",
                len(found),
            )
            click.confirm(wording().text(question), abort=True, err=True)
        change = desk.directory_desk.remove(found, for_good=True).result()
    _print_change(change, as_json)


@partner.command(name="import", epilog="Example: trustdesk partner import partners.csv --preview")
@click.argument("file", type=file_path, metavar="FILE")
@click.option("--preview", is_flag=True, help="Only show what the file would bring; keep nothing.")
@click.option("--apply", "_apply", is_flag=True, hidden=True, help="Keep it: the default.")
@click.option(
    "--with-duplicates", is_flag=True, help="Add also what resembles a partner that is there already."
)
@workspace_option
@json_option
def import_partners(
    file: Path,
    preview: bool,
    _apply: bool,
    with_duplicates: bool,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Add and change partners from FILE, CSV or JSON: all of them, or none where a row is unusable.

    What a file leaves out stays as it is; nothing is removed. `trustdesk partner export` shows the columns.
    """
    with own_desk(workspace) as desk:
        found = wait_for(desk.directory_desk.prepare_import(file))
        wanted = [row.name for row in found.rows if row.standing is ImportStanding.DUPLICATE]
        change = None
        if not preview and found.is_usable:
            change = desk.directory_desk.apply_import(
                found, with_duplicates=wanted if with_duplicates else ()
            ).result()
    if as_json:
        click.echo(json_text(_preview_document(found, applied=change is not None), indent=1))
    else:
        print_preview(console(), found)
        if change is not None:
            click.echo(wording().text(change_words(change)))
    if not found.is_usable:
        unusable = found.counts[ImportStanding.UNUSABLE]
        raise UnusableInputError(
            msg_n(
                "{count} partner in this file is unusable; nothing was changed.",
                "{count} partners in this file are unusable; nothing was changed.",
                unusable,
            ),
            remedy=msg("Correct what is listed, and import the file again."),
            place=str(file),
        )


@partner.command(epilog="Example: trustdesk partner export partners.csv")
@click.argument("file", type=file_path, metavar="FILE")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@workspace_option
@json_option
def export(file: Path, names: tuple[str, ...], workspace: WorkspacePlace | None, as_json: bool) -> None:
    """Write partners into FILE as CSV or JSON, by its ending; an import takes it back."""
    with own_desk(workspace) as desk:
        count = desk.directory_desk.export(file, names or None).result()
    if as_json:
        click.echo(json_text({"schema": "trustdesk.partner-export/1", "file": str(file), "partners": count}))
    else:
        click.echo(wording().text(msg_n("{count} partner written.", "{count} partners written.", count)))


def _show_kept(desk: DirectoryDesk, name: str, change: DirectoryChange, as_json: bool) -> None:
    entry = desk.partner(name).result()
    if as_json:
        click.echo(json_text(partner_document(entry), indent=1))
    else:
        print_partner(console(), entry)
        click.echo(wording().text(change_words(change)))


def _print_change(change: DirectoryChange, as_json: bool) -> None:
    if as_json:
        document = change_document(added=change.added, changed=change.changed, removed=change.removed)
        click.echo(json_text(document))
    else:
        click.echo(wording().text(change_words(change)))


def _preview_document(preview: ImportPreview, *, applied: bool) -> dict[str, object]:
    lines = (
        (
            row.place,
            row.name,
            str(row.standing),
            row.changes,
            row.resembles,
            tuple((one.place, one.message) for one in row.problems),
        )
        for row in preview.rows
    )
    return import_document(lines, preview.ignored, applied=applied, text=wording().text)
