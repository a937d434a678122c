"""Passphrases of exported files and of the vault; those that a person types are estimated.

One for a file is made here by default, shown once and kept nowhere. It is all that guards what is in the
file.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg

MIN_LENGTH = 12
MAX_LENGTH = 128

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What passphrases are made of: nothing that is taken for something else when read aloud or from paper."""

_GROUPS, _IN_GROUP = 4, 5
_LEAST_SCORE = 3
_ESTIMATED = 72
"""Characters that are looked at: the work grows with their square, and more do not make it weaker."""

_REMEDY = msg("Take the passphrase that is suggested, or several words that do not belong together.")

_VAULT_REMEDY = msg("Choose several words that do not belong together, and keep them where you find them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseStrength:
    """What an attacker who has the file needs for a passphrase.

    Attributes:
        score: 0 (at once) to 4 (not with any means), as zxcvbn has it; 0 where it cannot be used.
        problem: why it is refused; None when it is strong enough.
    """

    score: int
    problem: Message | None = None


def generate_passphrase() -> str:
    """Return 20 random characters without look-alikes, in groups of five: 115 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def strength_of(passphrase: str, about: Sequence[str] = ()) -> PassphraseStrength:
    """Estimate a passphrase that a person typed.

    Args:
        about: words that an attacker tries first: names of the identity, of the company.
    """
    if not passphrase.isascii() or not passphrase.isprintable():
        # PKCS#12 has it in UTF-16, PBES2 in UTF-8 or in what the program takes for that: an accented
        # letter opens the file here and not there.
        return _refused(
            msg("Use letters without accents, digits and signs: other programs read others differently.")
        )
    if passphrase != passphrase.strip():
        return _refused(msg("It begins or ends with a space, which gets lost when it is copied."))
    if len(passphrase) < MIN_LENGTH:
        return _refused(msg("It has fewer than {count} characters.", count=MIN_LENGTH))
    if len(passphrase) > MAX_LENGTH:
        return _refused(msg("It has more than {count} characters.", count=MAX_LENGTH))
    from zxcvbn import zxcvbn

    words = [word for text in about[:10] for word in (text[:80], *text[:80].split())]
    score = int(zxcvbn(passphrase[:_ESTIMATED], user_inputs=words)["score"])
    if score < _LEAST_SCORE:
        return PassphraseStrength(score=score, problem=msg("It is easy to guess."))
    return PassphraseStrength(score=score)


def check_passphrase(passphrase: str | None, about: Sequence[str] = ()) -> str:
    """Return a passphrase that may protect a file.

    Raises:
        UnusableInputError: it is missing or too weak; its text is not in the error.
    """
    if not passphrase:
        raise UnusableInputError(msg("A file with a private key needs a passphrase."), remedy=_REMEDY)
    strength = strength_of(passphrase, about)
    if strength.problem is not None:
        raise UnusableInputError(
            msg("The passphrase cannot be used: {problem}", problem=strength.problem), remedy=_REMEDY
        )
    return passphrase


def check_vault_passphrase(passphrase: str) -> str:
    """Return a passphrase that may guard a vault: any letters, for no other program has to read them.

    Raises:
        UnusableInputError: it is missing or too weak; its text is not in the error.
    """
    from zxcvbn import zxcvbn

    if len(passphrase) < MIN_LENGTH:
        problem = msg("The passphrase of the vault has fewer than {count} characters.", count=MIN_LENGTH)
        raise UnusableInputError(problem, remedy=_VAULT_REMEDY)
    if int(zxcvbn(passphrase[:_ESTIMATED])["score"]) < _LEAST_SCORE:
        raise UnusableInputError(
            msg("The passphrase of the vault is easy to guess, and it is all that guards the keys."),
            remedy=_VAULT_REMEDY,
        )
    return passphrase


def _refused(problem: Message) -> PassphraseStrength:
    return PassphraseStrength(score=0, problem=problem)
