"""The templates of HTML reports, their icons, and the words that stand in them whatever is reported."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from trustdesk.core.message import Message, msg
from trustdesk.services.wording import Wording
from trustdesk.storage.resources import resource_folder

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_ICONS = (
    "logo",
    "good",
    "warning",
    "bad",
    "unknown",
    "running",
    "not-applicable",
    "tick",
    "lock",
    "information",
    "chevron-right",
)

_ARROW = '<path d="M3 12h17M14.5 6.5L20 12l-5.5 5.5"/>'

_WORDS: dict[str, Message] = {
    # Translators: the code of your language (de, pt-BR) and the direction of its script (ltr, rtl).
    "language": msg("en"),
    "text_direction": msg("ltr"),
    "partners": msg("Partners"),
    "partner": msg("Partner"),
    "server": msg("Server"),
    "on_list": msg("On list"),
    "days": msg("Days"),
    "tested": msg("Tested (UTC)"),
    "who_acts": msg("Who has to act:"),
    "one_by_one": msg("One by one"),
    "to_the_table": msg("To the table"),
    "evidence": msg("Evidence"),
    "cause": msg("Cause"),
    "details": msg("Details"),
    "rules": msg("Rules"),
    "rules_that_failed": msg("Rules that failed or warn"),
    "rule": msg("Rule"),
    "result": msg("Result"),
    "found": msg("Found"),
    "source": msg("Source"),
    "chain": msg("Presented certificates"),
    "number": msg("No."),
    "certificate": msg("Certificate"),
    "validity": msg("Validity"),
    "key": msg("Key"),
    "issuer": msg("Issuer"),
    "names": msg("Names"),
    "timeline": msg("Timeline"),
    "direction": msg("Direction"),
    "message": msg("Message"),
    "summary": msg("Summary"),
    "bytes": msg("Bytes"),
    "encrypted": msg("encrypted"),
    "made_by": msg("Made by trustdesk. Times are UTC."),
    "not_checked": msg("What was not checked"),
    "to_act_on": msg("What needs attention"),
    "who": msg("Who"),
    "what": msg("What"),
    "rules_that_passed": msg("Rules that passed, or do not apply"),
    "causes": msg("Causes, most likely first"),
    "confidence": msg("Confidence"),
    "log_line": msg("Line in the partner's log"),
    "readiness": msg("Readiness for ONE Record"),
    "readiness_of": msg("Checked"),
    "calls": msg("Calls made"),
    "call": msg("Call"),
    "not_made": msg("Not made:"),
    "changes": msg("What changed, and how it went"),
    "no_changes": msg("Nothing changed since earlier tests, or there were none."),
    "endings": msg("What ends when"),
    "no_endings": msg("Nothing with an end is known here."),
    "date": msg("Date"),
    "distance": msg("Distance"),
    "never_tested": msg("This endpoint was not tested yet as it is set up now."),
    "no_rules": msg("No rule that was run failed or warned."),
    "why": msg("Why"),
    "everything_checked": msg("Every rule that concerns this endpoint was run."),
}


def fixed_words(wording: Wording) -> dict[str, str]:
    """Return what stands on every page, by the names that the templates use."""
    return {name: wording.text(message) for name, message in _WORDS.items()}


def template(name: str) -> Template:
    """Return a template of the resources; whatever it is filled with is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(resource_folder() / "reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def icons() -> dict[str, object]:
    """Return the drawings by the names that the templates use: what stands inside each SVG element."""
    from markupsafe import Markup

    drawn: dict[str, object] = {"arrow": Markup(_ARROW)}  # noqa: S704 - our own drawing
    for name in _ICONS:
        source = (resource_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if drawing is None:
            raise ValueError(name)
        drawn[name.replace("not-applicable", "not_applicable")] = Markup(drawing[1].strip())  # noqa: S704
    return drawn
