"""Linting for every face: the chosen rule sets over one certificate or request, pkilint beside them.

A sweep calls `verify.lint.lint` alone: pkilint is for one certificate that a person looks at.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.services.lint_worker import PkilintWorker
from trustdesk.storage.resources import resource_folder
from trustdesk.verify.lint import RULE_IDS, lint
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role
from trustdesk.verify.profiles.policy_file import MAX_FILE_BYTES, read_policy
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

ALL_RULE_SETS = tuple(RuleSetName)
"""What is applied where nothing is chosen."""


def lint_all(
    subject: CertificateSubject | CsrSubject,
    role: Role,
    rule_sets: Sequence[RuleSet],
    context: LintContext,
    worker: PkilintWorker | None = None,
) -> tuple[Finding, ...]:
    """Apply the rule sets and, with a worker, pkilint to a certificate; ours come first.

    A request gets our rules alone: pkilint's profile is one for certificates.
    """
    findings = lint(subject, role, rule_sets, context)
    if worker is None or not isinstance(subject, CertificateSubject):
        return findings
    return (*findings, *worker.findings(subject.facts.der))


def choose_rule_sets(names: Sequence[str], organisation_file: Path | None = None) -> tuple[RuleSet, ...]:
    """Return the rule sets of these names, each once, in the order of `RuleSetName`.

    Args:
        names: `1r-2x`, `1r-2020`, `webpki`, `org`; empty for all.
        organisation_file: the organisation's rules; without one, `org` applies the catalogue's defaults.
            With one, `org` is chosen even if it is not named.

    Raises:
        UnusableInputError: a name is unknown, or the file cannot be used (with file, line and key).
    """
    known = {name.value for name in RuleSetName}
    for name in names:
        if name not in known:
            raise UnusableInputError(
                msg("There is no rule set {name}.", name=name),
                remedy=msg("Choose from {known}.", known=", ".join(RuleSetName)),
                place=name,
            )
    chosen = set(names) or known
    policy = None
    if organisation_file is not None:
        chosen.add(RuleSetName.ORGANISATION)
        policy = read_policy(_read(organisation_file), str(organisation_file), RULE_IDS)
    return tuple(
        RuleSet(name, policy if name is RuleSetName.ORGANISATION else None)
        for name in RuleSetName
        if name in chosen
    )


def example_organisation_file() -> Path:
    """Return the packaged example, which says what every key means."""
    return resource_folder() / "rules" / "org-example.toml"


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnusableInputError(
            msg("The rule file cannot be read: {reason}", reason=error.strerror or type(error).__name__),
            remedy=msg("Check the path and its permissions."),
            place=str(path),
        ) from error
