"""Whose name stands in the log."""

from __future__ import annotations

import getpass
import os
import sys

import pytest

from trustdesk.services.account import account_name


@pytest.mark.skipif(sys.platform == "win32", reason="accounts have no numbers there")
def test_it_is_the_account_that_runs_the_program_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pwd

    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "somebody else")
    assert getpass.getuser() == "somebody else"
    assert account_name() == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.skipif(sys.platform == "win32", reason="accounts have no numbers there")
def test_an_account_without_a_name_is_called_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    assert account_name() == f"uid {2**31 - 7}"
