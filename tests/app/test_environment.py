"""The environment is scrubbed, and scrubbed before a library can read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.app.environment import STEERING_VARIABLES, restore_library_path, scrub_environment

ROOT = Path(__file__).resolve().parents[2]

STARTS_AS_THE_PROGRAM_DOES = """
import os, runpy, sys, types
seen = {}
class Start(types.ModuleType):
    def main(self):
        seen.update(heavy=sorted({"ssl", "cryptography", "OpenSSL", "keyring", "PySide6"} & set(sys.modules)))
        import ssl
        ssl.create_default_context()
        import resource
        left = [name for name in sys.argv[1:] if name in os.environ]
        print(seen["heavy"], left, resource.getrlimit(resource.RLIMIT_CORE))
        return 7
sys.modules["trustdesk.app.start"] = Start("trustdesk.app.start")
runpy.run_module("trustdesk", run_name="__main__", alter_sys=False)
"""


def test_scrub_removes_every_steering_variable_and_tells_which_were_set() -> None:
    environ = {"SSLKEYLOGFILE": "/somewhere", "OPENSSL_CONF": "", "PATH": "/bin"}

    assert scrub_environment(environ) == ("OPENSSL_CONF", "SSLKEYLOGFILE")
    assert environ == {"PATH": "/bin"}


def test_scrub_of_a_clean_environment_removes_nothing() -> None:
    environ = {"PATH": "/bin"}

    assert scrub_environment(environ) == ()
    assert environ == {"PATH": "/bin"}


@pytest.mark.skipif(sys.platform == "win32", reason="the script asks for the limit of core dumps")
def test_program_scrubs_before_it_imports_anything_that_reads_the_environment(tmp_path: Path) -> None:
    key_log = tmp_path / "keys.log"
    steering = {name: str(tmp_path / "nothing") for name in STEERING_VARIABLES} | {
        "SSLKEYLOGFILE": str(key_log)
    }

    done = subprocess.run(
        [sys.executable, "-c", STARTS_AS_THE_PROGRAM_DOES, *STEERING_VARIABLES],
        env={**os.environ, **steering},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (7, "[] [] (0, 0)\n", "")
    assert not key_log.exists()


def test_scrub_in_the_script_above_is_what_keeps_the_key_log_away(tmp_path: Path) -> None:
    """Without the scrub the same import writes the file: the test above can fail."""
    key_log = tmp_path / "keys.log"

    subprocess.run(
        [sys.executable, "-c", "import ssl; ssl.create_default_context()"],
        env={**os.environ, "SSLKEYLOGFILE": str(key_log)},
        check=True,
    )

    assert key_log.exists()


def test_import_of_the_app_layer_stays_light() -> None:
    heavy = "{'asyncio', 'ctypes', 'click', 'dataclasses', 'multiprocessing', 'pathlib'}"
    script = f"import sys, trustdesk.__main__; print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/opt/x", "LD_LIBRARY_PATH_ORIG": "/own"}, {"LD_LIBRARY_PATH": "/own"}),
        ({"LD_LIBRARY_PATH": "/opt/x"}, {}),
        ({"PATH": "/bin"}, {"PATH": "/bin"}),
    ],
)
def test_programs_started_from_a_frozen_one_load_their_own_libraries(
    before: dict[str, str], after: dict[str, str]
) -> None:
    restore_library_path(before)

    assert before == {**after, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
