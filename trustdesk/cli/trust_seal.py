"""`trustdesk trust seal`: what stands is sealed anew, after a person has looked."""

from __future__ import annotations

import click
from rich.console import Console

from trustdesk.cli.options import json_option, stacked, workspace_option
from trustdesk.cli.own_desk import DeskVault, own_desk
from trustdesk.cli.render import console, marked
from trustdesk.cli.render_trust import print_line
from trustdesk.cli.render_trust_decisions import print_decisions, print_policies
from trustdesk.cli.secret_options import SecretOption, vault_password_options
from trustdesk.cli.trust_sources import agreed_to
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.message import msg, msg_n
from trustdesk.core.seal_review import SealReview
from trustdesk.core.trust_decision import LocalDecision, PartnerPolicy
from trustdesk.core.untrusted import visible
from trustdesk.formats.json_text import json_text
from trustdesk.services.board import State
from trustdesk.services.identity_desk import IdentityDesk
from trustdesk.services.trust_words import review_words, sealed_words
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_LONGEST = 500


@click.command(
    name="seal", epilog="Example: trustdesk trust seal --comment 'moved to the new laptop, log compared'"
)
@click.option("--comment", required=True, metavar="TEXT", help="Why: it is written into the trust log.")
@click.option("--yes", is_flag=True, help="Seal it without being asked.")
@click.option(
    "--store",
    type=click.Choice([str(KeyStoreKind.KEYRING), str(KeyStoreKind.VAULT)]),
    default=str(KeyStoreKind.KEYRING),
    help="On a machine without a keyring: vault, an encrypted file, which is made where there is none.",
)
@vault_password_options
@stacked(workspace_option, json_option)
def seal(
    comment: str,
    yes: bool,
    store: str,
    vault_password: SecretOption,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Seal pins, policies and decisions anew, for a workspace whose key of the seals is lost.

    After a workspace was moved to another machine, or the keyring was emptied, no seal holds: private roots
    and pinned signers count for nothing. What stands is shown; what the trust log tells is sealed, and what
    another program changed is named and left as it is. Compare the last line of the log with an exported one:
    an older copy of the whole folder, put back, cannot be seen by its seals.
    """
    say = wording().text
    with own_desk(workspace) as desk:
        if KeyStoreKind(store) is KeyStoreKind.VAULT:
            make_ready(KeyStoreKind.VAULT, DeskVault(desk.identity_desk), vault_password, may_make=True)
        else:
            open_vault(desk.identity_desk, vault_password)
        review = wait_for(desk.trust_desk.review_seals())
        policies = desk.trust_desk.policies().result()
        print_seals(console(for_errors=as_json), review, policies, desk.trust_desk.decisions().result())
        if not review.holds:
            count = len(review.due)
            question = msg_n(
                "Seal {count} value and the log anew?", "Seal {count} values and the log anew?", count
            )
            agreed_to(say(question), yes=yes, place="--comment")
        after = wait_for(desk.trust_desk.seal_anew(comment, review))
    if as_json:
        document = {
            "schema": "trustdesk.trust-seal/1",
            "sealed": [{"kind": str(one.kind), "name": one.name} for one in review.due],
            "left_out": [{"kind": str(one.kind), "name": one.name} for one in after.left_out],
            "number": after.number,
            "hash": after.head,
        }
        click.echo(json_text(document, indent=1))
        return
    print_line(
        console(),
        msg("Sealed anew. The log ends with line {number}: {hash}", number=after.number, hash=after.head),
    )


def open_vault(desk: IdentityDesk, password: SecretOption) -> None:
    """Open the vault where one was made and its passphrase was given, or no keyring can be used."""
    states = {one.kind: one.state for one in desk.key_stores().result()}
    has_keyring = states[KeyStoreKind.KEYRING] in {KeyStoreState.READY, KeyStoreState.LOCKED}
    if states[KeyStoreKind.VAULT] is KeyStoreState.LOCKED and (password.is_given or not has_keyring):
        make_ready(KeyStoreKind.VAULT, DeskVault(desk), password)


def print_seals(
    out: Console,
    review: SealReview,
    policies: tuple[PartnerPolicy, ...],
    decisions: tuple[LocalDecision, ...],
) -> None:
    """Print what stands, and what of it would be sealed."""
    say = wording().text
    if policies:
        print_policies(out, policies)
    if decisions:
        print_decisions(out, decisions)
    for words in review_words(review):
        out.print(visible(say(words), _LONGEST), soft_wrap=True, markup=False, highlight=False)
    for item in review.items:
        state = State.BAD if item.line is None else State.GOOD if item.sealed else State.WARNING
        out.print(marked(state, visible(say(sealed_words(item)), _LONGEST)), soft_wrap=True)
