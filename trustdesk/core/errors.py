"""Trouble that is neither a fact about the thing examined nor a bug of ours.

Each error says what happened, where, and what to do, in messages that a face renders; the command line
turns `exit_status` into the process's own.
"""

from __future__ import annotations

from typing import ClassVar

from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible


class TrustdeskError(Exception):
    """Base of all expected failures.

    Attributes:
        problem: what is wrong, one sentence.
        remedy: what to do, one sentence.
        place: the file, target or thing it is about; None where the sentence says it.
    """

    exit_status: ClassVar[int] = 3

    def __init__(self, problem: Message, *, remedy: Message, place: str | None = None) -> None:
        super().__init__(problem.id)
        self.problem = problem
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        place = f"{visible(self.place)}: " if self.place else ""
        return f"{place}{self.problem.id}"


class UnusableInputError(TrustdeskError):
    """A file, a target, an option or a password cannot be used as given."""

    exit_status = 2


class WrongPasswordError(UnusableInputError):
    """A protected file does not open with the password given, or needs one."""


class EnvironmentFailureError(TrustdeskError):
    """The machine or the workspace failed: unwritable, locked, missing, out of date."""


class KeyStoreError(EnvironmentFailureError):
    """A key store failed. What it was asked to keep may or may not be there: look before trying again."""


class KeyStoreLockedError(KeyStoreError):
    """It is locked, and nobody unlocked it."""


class KeyStoreUnavailableError(KeyStoreError):
    """There is none on this machine, or it does not answer."""


class KeyStoreRefusedError(KeyStoreError):
    """It keeps secrets in the clear, or none at all; or the person said no."""


class KeyLostError(KeyStoreError):
    """A key that should be there is not, or is damaged."""


class KeyStillThereError(KeyStoreError):
    """A key is not used any more, but its store did not forget it yet; the next start tries again."""


class CancelledByPersonError(TrustdeskError):
    """The person cancelled; what was finished before is kept."""

    exit_status = 130

    def __init__(self) -> None:
        super().__init__(msg("Cancelled."), remedy=msg("What was finished before is kept."))
