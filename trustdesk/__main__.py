"""The program's first line: `python -m trustdesk` and the `trustdesk` command."""

from __future__ import annotations

import sys

from trustdesk.app.environment import disable_core_dumps, restore_library_path, scrub_environment


def main() -> int:
    """Make the process safe, then start; nothing that reads the environment is imported before that."""
    scrub_environment()
    disable_core_dumps()
    if getattr(sys, "frozen", False):
        # A frozen program is its own interpreter: worker processes arrive here and never get further.
        import multiprocessing

        restore_library_path()
        multiprocessing.freeze_support()
    from trustdesk.app.log_redaction import keep_secrets_out_of_logs
    from trustdesk.app.start import main as start

    keep_secrets_out_of_logs()

    return start()


if __name__ == "__main__":
    sys.exit(main())
