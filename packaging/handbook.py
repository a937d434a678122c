"""The generated chapters of the handbook: causes, rules, commands and keys, from what the program is made of.

Runs with the project's own Python. The chapters are the same wherever and whenever they are made; `--check`
only says whether the committed ones are that.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import trustdesk.services  # noqa: E402 - the line above makes the checkout importable
import trustdesk.verify  # noqa: E402
from trustdesk.cli.main import commands  # noqa: E402
from trustdesk.core.message import Message  # noqa: E402

HANDBOOK = ROOT / "resources" / "handbook"
CAUSES = ROOT / "resources" / "diagnosis" / "causes.toml"
_FUNCTIONS = ("judge", "judge_in_path", "check", "look", "apply", "function")
_EVERYWHERE = {"as_json", "workspace"}
"""Options that most commands have, told once."""
_GROUPS = {
    "TLS": "The handshake",
    "SRV": "A server's certificate",
    "CLI": "A client's certificate",
    "CHN": "The chain",
    "CA": "Certificates of CAs",
    "KEY": "Keys",
    "CSR": "Requests",
    "REV": "Revocation",
    "ORG": "The organisation's own policy",
    "LST": "Trust lists",
    "IDP": "Identity providers",
    "JWT": "Tokens",
    "API": "The ONE Record API",
    "AMQ": "AMQP",
}


@dataclass(frozen=True)
class _Rule:
    id: str
    title: str
    source: str
    words: str


def chapters() -> dict[str, str]:
    """Return the text of each generated chapter by its file's name."""
    return {"causes.md": causes(), "rules.md": rules(), "commands.md": command_line()}


def causes() -> str:
    """Return the chapter of the causes: what each means, what to do, what tells it from its neighbours."""
    text = CAUSES.read_text(encoding="utf-8")
    found = tomllib.loads(text)
    heads = {
        match[2]: match[1].strip()
        for match in re.finditer(r"^# --- (.+?) -+\n+\[(\w+)\]", text, re.MULTILINE)
    }
    lines = [
        "# Causes of failed handshakes",
        "",
        "Every cause that a diagnosis can name. The code stands in the tooltip of a cause and in every copy.",
    ]
    for code, cause in found.items():
        if code in heads:
            lines += ["", f"## {heads[code][0].upper()}{heads[code][1:]}"]
        lines += ["", f"### {cause['meaning']}", "", f"`{code}`"]
        if "remedy" in cause:
            lines += ["", f"**What to do:** {cause['remedy']}"]
        if "separate" in cause:
            lines += ["", f"**What tells it apart:** {cause['separate']}"]
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Return the chapter of the rules: id, what it asks for, where that comes from, what else is known."""
    grouped: dict[str, list[_Rule]] = defaultdict(list)
    for rule in sorted(_all_rules(), key=lambda one: one.id):
        grouped[_group(rule.id)].append(rule)
    lines = [
        "# Rules",
        "",
        "Every rule that a certificate, a chain, a list, a token or an endpoint is held against, with its"
        " source. A rule that could not be applied reads *Not run*, and is never a pass.",
    ]
    for group in sorted(grouped, key=_group_order):
        lines += ["", f"## {group}"]
        for rule in grouped[group]:
            lines += ["", f"### {rule.id}", "", rule.title]
            if rule.words:
                lines += ["", rule.words]
            lines += ["", f"*Source: {rule.source}*"]
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """Return the chapter of the commands, from their own help."""
    lines = [
        "# Command line",
        "",
        "`trustdesk` without a command opens the window. `--json` prints one JSON document for scripts.",
        "",
        "Exit status: 0 the verdict is good · 1 it is bad · 2 the call or its input is unusable · 3 the"
        " environment failed · 130 cancelled.",
        "",
        "Secrets never stand in arguments: `--password-fd N`, `--password-file FILE`, `--password-env NAME`,"
        " or a question on the terminal. `--workspace` names another workspace than your own: a folder, or"
        " `postgresql://user@host/database`.",
    ]
    context = click.Context(commands, info_name="trustdesk")
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        lines += ["", f"## {name}", *_told(command, f"trustdesk {name}")]
        if isinstance(command, click.Group):
            inner = click.Context(command, parent=context, info_name=name)
            for part in command.list_commands(inner):
                found = command.get_command(inner, part)
                assert found is not None
                lines += ["", f"### {name} {part}", *_told(found, f"trustdesk {name} {part}")]
    return "\n".join(lines) + "\n"


def _told(command: click.Command, name: str) -> Iterator[str]:
    paragraphs = re.split(r"\n\s*\n", (command.help or "").strip())
    for paragraph in paragraphs:
        words = " ".join(paragraph.replace("\b", "").split())
        if words:
            yield from ("", _plain(words))
    arguments = " ".join(
        one.make_metavar(click.Context(command)) for one in command.params if isinstance(one, click.Argument)
    )
    if not isinstance(command, click.Group):
        yield from ("", f"    {name} {arguments}".rstrip())
    options = [
        one
        for one in command.params
        if isinstance(one, click.Option) and not one.hidden and one.help and one.name not in _EVERYWHERE
    ]
    if options:
        yield ""
    for option in options:
        yield f"- `{', '.join((*option.opts, *option.secondary_opts))}`: {_plain(str(option.help))}"
    if command.epilog:
        yield from (
            "",
            f"*{command.epilog.replace('*', '')}*" if "`" in command.epilog else f"`{command.epilog}`",
        )


def _plain(words: str) -> str:
    """Return words that markdown leaves as they are."""
    return re.sub(r"([*_<>|`])", r"\\\1", words)


def _all_rules() -> Iterator[_Rule]:
    seen: set[str] = set()
    for package in (trustdesk.verify, trustdesk.services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if package is trustdesk.services and "rule" not in module.name.rpartition(".")[2]:
                continue
            loaded = importlib.import_module(module.name)
            for rule in _rules_in(loaded):
                if rule.id not in seen:
                    seen.add(rule.id)
                    yield rule


def _rules_in(module: object) -> Iterator[_Rule]:
    for value in vars(module).values():
        for one in value if isinstance(value, tuple) else (value,):
            title, source, ident = (getattr(one, name, None) for name in ("title", "source", "id"))
            is_rule = isinstance(ident, str) and isinstance(source, str) and isinstance(title, Message)
            if is_rule and source:
                yield _Rule(str(ident), _plain(title.id), _plain(source), _words(one, str(ident)))  # type: ignore[union-attr]


def _words(rule: object, ident: str) -> str:
    """Return what the docstring of a rule's function says besides its id."""
    for name in _FUNCTIONS:
        function = getattr(rule, name, None)
        text = getattr(function, "__doc__", None) if callable(function) else None
        if text:
            words = " ".join(text.split("Args:")[0].split("Source:")[0].split())
            words = re.sub(rf"^{re.escape(ident)}[.:]?\s*", "", words)
            if words and words.rstrip(".") != ident and not re.fullmatch(r"[A-Z]{2,4}-\d+\.?", words):
                return _plain(words[0].upper() + words[1:])
    return ""


def _group(ident: str) -> str:
    prefix = ident.partition("-")[0] if "-" in ident and "." not in ident else ""
    if prefix:
        return _GROUPS.get(prefix, prefix)
    return "Path validation: " + ident.partition(".")[0].replace("_", " ")


def _group_order(group: str) -> tuple[bool, int, str]:
    names = list(_GROUPS.values())
    return group.startswith("Path"), names.index(group) if group in names else len(names), group


def problems() -> list[str]:
    """Return the generated chapters that are not what would be made now."""
    return [
        f"resources/handbook/{name} is not up to date: run python3 packaging/dev.py handbook"
        for name, text in chapters().items()
        if not (HANDBOOK / name).exists() or (HANDBOOK / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the chapters, or only check them."""
    if arguments == ["--check"]:
        found = problems()
        print("\n".join(found), end="\n" if found else "")
        return bool(found)
    HANDBOOK.mkdir(exist_ok=True)
    for name, text in chapters().items():
        (HANDBOOK / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
