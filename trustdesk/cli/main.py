"""The command line's root: commands by name, errors as one line, exit status by contract."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from trustdesk import __version__
from trustdesk.cli.context import Faces
from trustdesk.cli.workspace_place import PLACE_METAVAR, PlaceOfWorkspace
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.services.wording import wording

EXIT_UNUSABLE = 2
EXIT_CANCELLED = 130

_COMMANDS = {
    "ca": ("trustdesk.cli.ca:ca", msg("A small private CA for a closed group.")),
    "crl": ("trustdesk.cli.crl:crl", msg("What a revocation list says.")),
    "csr": ("trustdesk.cli.csr:csr", msg("Certificate requests, and the CA's answers to them.")),
    "demo": ("trustdesk.cli.demo:demo", msg("Partner servers on this machine, tested at once.")),
    "diagnose": (
        "trustdesk.cli.diagnose:diagnose",
        msg("Why a handshake fails, who acts, and what to write."),
    ),
    "expiry": ("trustdesk.cli.expiry:expiry", msg("What ends when, and what to renew by when.")),
    "explain": ("trustdesk.cli.explain:explain", msg("The causes behind another tool's error message.")),
    "idp": ("trustdesk.cli.idp:idp", msg("Identity providers: lists, keys, and their servers.")),
    "identity": (
        "trustdesk.cli.identity:identity",
        msg("Our own certificates, their keys in the keyring."),
    ),
    "inspect": ("trustdesk.cli.inspect:inspect", msg("What is in files, and what it can be used as.")),
    "lab": ("trustdesk.cli.lab:lab", msg("The demo's partner servers alone.")),
    "lint": ("trustdesk.cli.lint:lint", msg("Rules of the ONE Record and other profiles.")),
    "partner": ("trustdesk.cli.partner:partner", msg("The partner directory: add, edit, import, export.")),
    "probe": ("trustdesk.cli.probe:probe", msg("One live handshake and one harmless request.")),
    "readiness": (
        "trustdesk.cli.readiness:readiness",
        msg("Whether endpoints are ready for ONE Record, rule by rule."),
    ),
    "report": (
        "trustdesk.cli.report:report",
        msg("A review sheet, or all results, as HTML, PDF, JSON or CSV."),
    ),
    "selftest": ("trustdesk.cli.selftest:selftest", msg("Whether this installation can do its work.")),
    "sweep": ("trustdesk.cli.sweep:sweep", msg("Probes of all partners, or of a list of targets.")),
    "token": ("trustdesk.cli.token:token", msg("What stands in a token, and whose it is.")),
    "trust": (
        "trustdesk.cli.trust:trust",
        msg("Lists of trusted CAs: review, versions, decisions, and what they change."),
    ),
    "verify": ("trustdesk.cli.verify:verify", msg("All paths of a certificate, and every rule on them.")),
    "workspace": (
        "trustdesk.cli.workspace:workspace",
        msg("Backup, way back and check of what is kept, in a folder or on a server."),
    ),
}
"""Name to place and summary; the summaries stand here so that `--help` imports no command."""


_FILE = click.Path(exists=True, path_type=Path)


@click.command(epilog="Example: trustdesk partner.pem client.p12")
@click.argument("files", nargs=-1, type=_FILE)
@click.pass_context
def _open_files(context: click.Context, files: tuple[Path, ...]) -> None:
    """Open the window on files, in the one that is open already if there is one."""
    faces = context.find_object(Faces)
    assert faces is not None  # noqa: S101 - composition always gives the faces
    assert context.parent is not None  # noqa: S101 - the root stands above every command
    absolute = [file.absolute() for file in files]
    context.exit(faces.open_window(context.parent.params["workspace"], absolute))


def _is_file(word: str) -> bool:
    """Whether a first word is meant as a file: it looks like a path, as no command does, or is one."""
    return word not in _COMMANDS and ("." in word or "/" in word or "\\" in word or Path(word).exists())


class _Commands(click.Group):
    """Imports a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands' names in order."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None for a name that is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a word that is no command but a file, and those behind it, as files to open."""
        if args and _is_file(args[0]):
            return "FILE", _open_files, args
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both ways to call it."""
        super().format_usage(ctx, formatter)
        formatter.write_usage(ctx.command_path, "[OPTIONS] [FILE]...", prefix="       ")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands."""
        with formatter.section(wording().text(msg("Commands"))):
            formatter.write_dl([(name, wording().text(_COMMANDS[name][1])) for name in sorted(_COMMANDS)])


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: trustdesk probe https://1r.partner.example --trust-list partners.pem",
)
@click.version_option(__version__, prog_name="trustdesk")
@click.option(
    "--workspace",
    type=PlaceOfWorkspace(),
    metavar=PLACE_METAVAR,
    help="Folder, or postgresql://user@host/database (default: the platform's user data folder).",
)
@click.option("--smoke", is_flag=True, help="Use every part of this installation once, print versions, end.")
@click.pass_context
def commands(context: click.Context, workspace: Path | DatabaseUrl | None, smoke: bool) -> None:
    """Certificates, trust lists and live handshakes for ONE Record.

    Without a command, the window opens, on the files that are named. A file that is named like a command
    is written with its folder: ./probe.
    """
    faces = context.find_object(Faces)
    assert faces is not None  # noqa: S101 - composition always gives the faces
    if smoke:
        context.exit(faces.run_smoke())
    if context.invoked_subcommand is None:
        context.exit(faces.open_window(workspace, ()))


def run(arguments: Sequence[str], faces: Faces) -> int:
    """Run one command and return its exit status; errors are one line on standard error."""
    try:
        result = commands.main(list(arguments), prog_name="trustdesk", standalone_mode=False, obj=faces)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return EXIT_UNUSABLE
    except click.ClickException as error:
        hint = ""
        if isinstance(error, click.UsageError) and error.ctx is not None:
            hint = f" See '{error.ctx.command_path} --help'."
        _complain(f"{error.format_message().rstrip('.')}.{hint}")
        return EXIT_UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        _complain(wording().text(msg("Cancelled.")))
        return EXIT_CANCELLED
    except TrustdeskError as error:
        _complain(error_line(error))
        return error.exit_status
    except BrokenPipeError:
        # The reader went away (`| head`); standard output must not be flushed again at exit.
        sys.stdout = None
        return EXIT_CANCELLED
    return result if isinstance(result, int) else 0


def error_line(error: TrustdeskError) -> str:
    """Return an error as one line: which file or target, what, what to do."""
    words = wording()
    place = f"{visible(error.place)}: " if error.place else ""
    return f"{place}{words.text(error.problem)} {words.text(error.remedy)}"


def _complain(line: str) -> None:
    click.echo(f"trustdesk: {' '.join(line.split())}", err=True)
