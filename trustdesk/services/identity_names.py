"""Names of identities: no two of a workspace have the same, and each fits on a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.untrusted import MAX_SHOWN, visible

MAX_NAME = 80
"""Characters of a name."""


def unique_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name like `wanted` that nothing has: with a number behind it where that is needed.

    Args:
        wanted: foreign text, for instance a subject's CN.
        taken: compared without case, for people do not tell "ACME" from "Acme".
    """
    base = visible(" ".join(wanted[:MAX_SHOWN].split()))[: MAX_NAME - 6].strip() or "identity"
    folded = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in folded:
        name, number = f"{base} {number}", number + 1
    return name


def check_names(names: Sequence[str], taken: Iterable[str]) -> None:
    """Make sure that names can be given to new identities.

    Raises:
        UnusableInputError: one is blank, too long, taken, or stands there twice.
    """
    known = {name.casefold(): name for name in taken}
    new: set[str] = set()
    for name in names:
        folded = name.casefold()
        if not name.strip() or name != name.strip():
            raise UnusableInputError(
                msg("A name is blank, or begins or ends with a space."), remedy=msg("Choose another name.")
            )
        if len(name) > MAX_NAME or visible(name) != name:
            raise UnusableInputError(
                msg("A name has more than {limit} characters, or such that cannot be seen.", limit=MAX_NAME),
                remedy=msg("Choose another name."),
                place=name,
            )
        if folded in known:
            raise UnusableInputError(
                msg("There is an identity named {name}.", name=known[folded]),
                remedy=msg("Choose another name."),
                place=name,
            )
        if folded in new:
            raise UnusableInputError(
                msg("Two of the names are the same: {name}.", name=name),
                remedy=msg("Give each identity a name of its own."),
                place=name,
            )
        new.add(folded)
