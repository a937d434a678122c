"""The command line's manners: one line for an error, documented exit status, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import trustdesk


@pytest.mark.parametrize(
    "arguments",
    [
        ("probe",),
        ("probe", "http://partner.example"),
        ("probe", "not a host"),
        ("probe", "partner.example", "--no-such-option"),
        ("probe", "partner.example", "--at", "yesterday"),
        ("probe", "partner.example", "--timeout", "0"),
        ("probe", "partner.example", "--server-name", "192.0.2.1"),
        ("probe", "partner.example", "--trust-list", "/no/such/list.pem"),
        ("probe", "partner.example", "--client-cert", "/no/such/client.p12"),
        ("probe", "partner.example", "--client-key", "/no/such/key.pem"),
        ("probe", "partner.example", "--password-fd", "3", "--password-env", "X"),
        ("sweep", "--targets", "/no/such/targets.txt"),
        ("sweep", "--targets", "/"),
        ("sweep", "--json", "--jsonl"),
        ("report", "--output", "x.html"),
        ("demo", "--output"),
        ("lab", "serve", "--count", "-1"),
        ("no-such-command",),
    ],
)
def test_an_unusable_call_is_one_line_and_status_2(arguments: tuple[str, ...]) -> None:
    ran = trustdesk(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("trustdesk: ")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_help_of_every_command_shows_an_example() -> None:
    for command in (("demo",), ("lab", "serve"), ("probe",), ("report",), ("sweep",), ()):
        ran = trustdesk(*command, "--help")
        assert ran.status == 0
        assert "Example: trustdesk" in " ".join(ran.out.split())


def test_a_password_never_stands_in_an_option() -> None:
    ran = trustdesk("probe", "--help")
    assert "--password " not in ran.out
    assert "--password-env" in ran.out


def test_a_list_of_targets_names_the_bad_line(tmp_path: Path) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("partner.example\n# a comment\nhttp://wrong.example\n")
    ran = trustdesk("sweep", "--targets", targets)
    assert ran.status == 2
    assert "http://wrong.example" in ran.err


def test_an_empty_list_of_targets_is_said_to_be_empty(tmp_path: Path) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("# nothing yet\n\n")
    ran = trustdesk("sweep", "--targets", targets)
    assert ran.status == 2
    assert "no target" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("identity", "show", "nobody"),
        ("probe", "127.0.0.1:1", "--identity", "nobody"),
        ("sweep",),
        ("report", "--all", "--output", "report.html"),
    ],
)
def test_a_workspace_before_the_command_is_the_one_that_it_works_on(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    trustdesk("--workspace", tmp_path / "named", *arguments)
    assert (tmp_path / "named").is_dir()
    assert not (tmp_path / "own").exists()


def test_two_sources_of_a_secret_are_refused_before_anything_is_looked_for() -> None:
    both = ("--password-env", "A", "--password-file", "b")
    ran = trustdesk("lint", "/no/such/file.pem", *both)
    assert ran.status == 2
    assert "More than one source" in ran.err
