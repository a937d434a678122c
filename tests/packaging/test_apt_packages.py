"""What apt is asked for, by whom, and that no server starts on the person's machine."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import apt_packages

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="apt is a matter of Debian")

END_OF_INPUT = "\x04"


@pytest.fixture
def apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Programs named as apt's that note how they were called; PATH holds nothing else but /bin's."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("apt-get", "apt-cache", "sudo", "systemctl"):
        program = programs / name
        program.write_text(f'#!/bin/sh\n. "{tmp_path}/{name}.sh"\n')
        program.chmod(0o755)
        note = f'echo "{name} $*" >> "{tmp_path}/calls"\n' if name != "apt-cache" else ""
        (tmp_path / f"{name}.sh").write_text(note)
    answers(tmp_path, "apt-cache", 'echo "  Candidate: 1.0"')
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(apt_packages, "RENAMED", {})
    monkeypatch.setattr(apt_packages, "POLICY", tmp_path / "policy-rc.d")
    return tmp_path


def answers(folder: Path, program: str, script: str) -> None:
    with (folder / f"{program}.sh").open("a") as file:
        file.write(f"{script}\n")


def calls(folder: Path) -> list[str]:
    notes = folder / "calls"
    return notes.read_text().splitlines() if notes.exists() else []


def as_person(
    monkeypatch: pytest.MonkeyPatch, *, root: bool, terminal: bool, answer: str | None = None
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: terminal, raising=False)

    def reply(question: str) -> str:
        assert answer is not None, "nobody was to be asked"
        if answer == END_OF_INPUT:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", reply)


def run_policy(policy: Path) -> int:
    return subprocess.run([policy, "nginx", "start"], check=False).returncode


def test_policy_forbids_services_while_it_lies_there_and_is_gone_afterwards(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"

    with apt_packages.services_kept_off(policy):
        assert run_policy(policy) == 101
        assert stat.S_IMODE(policy.stat().st_mode) == 0o755

    assert list(tmp_path.iterdir()) == []


def test_policy_of_the_machine_comes_back(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 42\n")
    policy.chmod(0o750)

    with apt_packages.services_kept_off(policy):
        assert run_policy(policy) == 101

    assert run_policy(policy) == 42
    assert stat.S_IMODE(policy.stat().st_mode) == 0o750
    assert list(tmp_path.iterdir()) == [policy]


def test_policy_that_is_a_link_comes_back_as_a_link(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.symlink_to("/nonexistent/policy")

    with apt_packages.services_kept_off(policy):
        assert run_policy(policy) == 101

    assert policy.is_symlink()


def test_policy_comes_back_when_the_installation_fails(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"

    def fail() -> None:
        with apt_packages.services_kept_off(policy):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def killed_with_policy(policy: Path) -> None:
    """Leave what a process leaves that is killed while packages are installed."""
    script = (
        "import apt_packages, os, pathlib, signal, sys\n"
        "with apt_packages.services_kept_off(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    folder = Path(apt_packages.__file__).parent
    subprocess.run([sys.executable, "-c", script, policy], cwd=folder, check=False)
    assert policy.exists()


def test_policy_that_a_killed_process_left_forbids_nothing(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"

    killed_with_policy(policy)

    assert run_policy(policy) == 0


def test_policy_that_a_killed_process_left_asks_the_one_put_aside(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 42\n")
    policy.chmod(0o755)

    killed_with_policy(policy)

    assert run_policy(policy) == 42
    with apt_packages.services_kept_off(policy):
        assert run_policy(policy) == 101
    assert list(tmp_path.iterdir()) == [policy]
    assert run_policy(policy) == 42


def test_root_installs_without_recommends_and_without_a_list_update(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_person(monkeypatch, root=True, terminal=False)

    apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)

    assert calls(apt) == [
        "apt-get install --no-install-recommends --yes --option=DPkg::Lock::Timeout=60 libgl1"
    ]


def test_lists_are_updated_where_they_do_not_know_the_package(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_person(monkeypatch, root=True, terminal=False)
    (apt / "apt-cache.sh").write_text(
        f'grep -q update "{apt}/calls" 2>/dev/null && echo "  Candidate: 1.0"\n'
    )

    apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)

    assert [call.split()[1] for call in calls(apt)] == ["update", "install"]


def test_failed_download_is_tried_again_with_new_lists(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=True, terminal=False)
    answers(apt, "apt-get", f'[ "$1" = update ] || grep -q update "{apt}/calls" || exit 100')

    apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)

    assert [call.split()[1] for call in calls(apt)] == ["install", "update", "install"]


def test_server_is_installed_under_the_policy_and_switched_off(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_person(monkeypatch, root=True, terminal=False)
    answers(apt, "apt-get", f'"{apt}/policy-rc.d" nginx start; echo "policy says $?" >> "{apt}/calls"')

    apt_packages.provide({"nginx-light": "nginx"}, assume_yes=True)

    assert calls(apt)[1:] == ["policy says 101", "systemctl disable nginx.service"]
    assert not (apt / "policy-rc.d").exists()


def test_person_with_sudo_is_asked_once(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=False, terminal=True, answer="")

    apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)

    assert calls(apt) == [f"sudo {sys.executable} {Path(apt_packages.__file__).resolve()} libgl1"]


@pytest.mark.parametrize("answer", ["n", "No", "what?", END_OF_INPUT])
def test_person_who_does_not_agree_gets_the_line_to_type(
    apt: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    as_person(monkeypatch, root=True, terminal=True, answer=answer)

    with pytest.raises(
        apt_packages.CannotInstallError, match="apt-get install --no-install-recommends libgl1"
    ):
        apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)
    assert calls(apt) == []


def test_yes_skips_the_question(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=True, terminal=True, answer=None)

    apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=True)

    assert len(calls(apt)) == 1


def test_nobody_to_type_a_password_gets_the_line_to_type(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=False, terminal=False)
    answers(apt, "sudo", "exit 1")

    with pytest.raises(apt_packages.CannotInstallError, match="as root"):
        apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)
    assert calls(apt) == ["sudo -n true"]


def test_line_to_type_says_how_to_switch_a_server_off(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=False, terminal=False)
    answers(apt, "sudo", "exit 1")

    with pytest.raises(apt_packages.CannotInstallError, match="systemctl disable --now nginx"):
        apt_packages.provide({"nginx-light": "nginx"}, assume_yes=False)


def test_failure_of_apt_is_said_with_its_status(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=True, terminal=False)
    answers(apt, "apt-get", "exit 100")

    with pytest.raises(apt_packages.CannotInstallError, match="status 100"):
        apt_packages.provide({"libgl1": "libGL.so.1"}, assume_yes=False)


def test_package_is_taken_by_the_name_that_this_release_knows(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_person(monkeypatch, root=True, terminal=False)
    monkeypatch.setattr(apt_packages, "RENAMED", {"libglib2.0-0": "libglib2.0-0t64"})
    (apt / "apt-cache.sh").write_text('[ "$2" = libglib2.0-0t64 ] && echo "  Candidate: 2.84"\n')

    apt_packages.provide({"libglib2.0-0": "libglib-2.0.so.0"}, assume_yes=False)

    assert calls(apt)[-1].endswith(" libglib2.0-0t64")


def test_candidate_none_is_no_candidate(apt: Path) -> None:
    (apt / "apt-cache.sh").write_text('echo "  Candidate: (none)"\n')

    assert not apt_packages._has_candidate("libgl1")


def test_programs_are_looked_for_in_sbin_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(apt_packages, "TEST_PROGRAMS", {"sh": "dash", "trustdesk-none": "none"})
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")

    assert apt_packages.lacking_programs() == {"none": "trustdesk-none"}


def test_a_server_in_debians_folder_of_versions_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apt_packages, "TEST_PROGRAMS", {"postgres": "postgresql"})
    monkeypatch.setattr(apt_packages, "POSTGRESQL", tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("os.defpath", "/nowhere")
    assert apt_packages.lacking_programs() == {"postgresql": "postgres"}
    program = tmp_path / "15" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)

    assert apt_packages.lacking_programs() == {}


def test_keyring_does_not_start_with_anybodys_session(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_person(monkeypatch, root=True, terminal=False)

    apt_packages.provide({"gnome-keyring": "gnome-keyring-daemon"}, assume_yes=False)

    units = "gnome-keyring-daemon.service gnome-keyring-daemon.socket"
    assert calls(apt)[-1] == f"systemctl --global disable {units}"


def test_other_systems_are_not_asked_for_what_only_linux_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("shutil.which", lambda *_names, **_path: None)

    lacking = set(apt_packages.lacking_programs().values())

    assert lacking == set(apt_packages.TEST_PROGRAMS) - apt_packages.LINUX_PROGRAMS


def test_status_of_a_killed_program_is_that_of_a_shell() -> None:
    assert apt_packages.run(["/bin/sh", "-c", "kill -9 $$"]) == 137
