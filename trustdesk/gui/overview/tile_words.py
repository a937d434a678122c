"""What the tiles say: counts, and the worst of what is counted. Plain functions, without a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from trustdesk.core.expiry import Endings
from trustdesk.core.identity import IdentityView, Usable
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_version import ListSummary
from trustdesk.gui.identities.standing import is_unusable_client
from trustdesk.gui.overview.tile import TileContent
from trustdesk.gui.trust.words import age_days, summary_title
from trustdesk.gui.words import say
from trustdesk.services.board import BoardRow, State
from trustdesk.services.expiry_values import JudgingList
from trustdesk.services.expiry_words import counted_words, distance_words, distinct

NOT_KNOWN = "–"
_FAILING, _UNUSABLE, _IN_FORCE = (
    msg("Partners failing"),
    msg("Identities not usable as TLS client"),
    msg("Trust list in force"),
)


def partners_tile(rows: Sequence[BoardRow] | None) -> TileContent:
    """Say how many partners fail, each once however many endpoints it has; None while nothing is read."""
    if rows is None:
        return _waiting("partners", _FAILING)
    partners = {row.endpoint.partner for row in rows}
    why: dict[str, str] = {}
    for row in rows:
        if row.state is State.BAD:
            name = row.endpoint.partner
            why[name] = min(why.get(name, _REASONS[-1]), _reason(row), key=_REASONS.index)
    open_ones = {row.endpoint.partner for row in rows if row.state is State.UNKNOWN} - why.keys()
    parts = _reasons(why.values())
    if open_ones:
        parts.append(msg_n("{count} without a result", "{count} without a result", len(open_ones)))
    if not partners:
        parts.append(msg("Nobody is in the directory yet"))
    line = _joined(parts) or say(msg("All were tested"))
    return TileContent(
        icon="bad" if why else "unknown" if open_ones else "partners",
        ink="bad" if why else "unknown" if open_ones else "text2",
        label=say(_FAILING),
        number=str(len(why)),
        beside=say(msg("of {total}", total=len(partners))) if partners else "",
        line=line,
    )


def expiring_tile(endings: Endings | None) -> TileContent:
    """Say how much ends soon; what is over already, or cannot be read, is named beside it."""
    if endings is None:
        return _waiting("clock", msg("Expiring soon"))
    days = endings.thresholds.warn_days
    label = msg_n("Expiring within {count} day", "Expiring within {count} days", days)
    near, ended, unknown = endings.near(), endings.ended(), endings.unknown()
    parts = [say(one) for one in counted_words(near)]
    if ended:
        parts.append(say(msg_n("{count} has ended", "{count} have ended", len(distinct(ended)))))
    if unknown:
        parts.append(say(msg("{count} not readable", count=len(distinct(unknown)))))
    beside = ""
    if near and near[0].ends is not None:
        beside = say(msg("next {distance}", distance=distance_words(near[0].ends, endings.at)))
    return TileContent(
        icon="clock",
        ink="bad" if ended else "warning" if near else "unknown" if unknown else "text2",
        label=say(label),
        short=say(msg_n("Within {count} day", "Within {count} days", days)),
        number=str(len(distinct(near))),
        beside=beside,
        line=", ".join(parts) or say(msg("Nothing ends in this time")),
    )


def identities_tile(views: Sequence[IdentityView] | None) -> TileContent:
    """Say how many identities were found not to be usable as a TLS client; None while they are judged."""
    if views is None:
        return _waiting("identities", _UNUSABLE)
    unusable = [one for one in views if is_unusable_client(one)]
    unknown = [one for one in views if one.client.usable is Usable.UNKNOWN]
    others = [one for one in views if one.client.usable is Usable.NOT_MEANT]
    if unusable:
        first = unusable[0]
        line = say(msg("{name}: {why}", name=first.identity.name, why=first.client.why))
    elif unknown:
        line = say(msg_n("{count} could not be judged", "{count} could not be judged", len(unknown)))
    elif others:
        line = say(msg_n("{count} is for servers alone", "{count} are for servers alone", len(others)))
    else:
        line = say(msg("All can be used")) if views else say(msg("No certificate of our own yet"))
    return TileContent(
        icon="warning" if unusable else "unknown" if unknown else "identities",
        ink="warning" if unusable else "unknown" if unknown else "text2",
        label=say(_UNUSABLE),
        short=say(_UNUSABLE_SHORT),
        number=str(len(unusable)),
        beside=say(msg("of {total}", total=len(views))) if views else "",
        line=line,
    )


def lists_tile(
    lists: Sequence[ListSummary] | None,
    waiting: int,
    now: datetime,
    judging: Sequence[JudgingList] | None = None,
) -> TileContent:
    """Say which list judges, how old it is, and how much waits for a decision; None while nothing is read.

    Args:
        lists: of the workspace.
        judging: what judges now, which may be a list of this session alone; None where nobody has said.
    """
    if lists is None:
        return _waiting("trust-lists", _IN_FORCE)
    names = {one.name for one in judging} if judging else None
    ours = [
        one
        for one in lists
        if one.in_force
        and not one.is_builtin
        and one.applied is not None
        and (names is None or one.name in names)
    ]
    kept = {one.name for one in ours}
    session = [one for one in judging or () if one.name not in kept and not one.is_public_web]
    changes = (
        say(msg_n("{count} waits for a decision", "{count} wait for a decision", waiting)) if waiting else ""
    )
    overdue = any(
        one.applied is not None and one.applied.next_update is not None and one.applied.next_update < now
        for one in ours
    )
    late = say(msg("its next version is overdue")) if overdue else ""
    if not ours and session:
        words = ", ".join(say(one.title) for one in session)
        number, beside = str(len(session)), say(msg("of this session alone"))
    elif not ours:
        words = say(msg("The public web's list, for comparison only"))
        number, beside = NOT_KNOWN, ""
    else:
        days = max(age_days(one.applied, now) for one in ours if one.applied is not None)
        beside = say(msg_n("{count} day old", "{count} days old", days)) if days else say(msg("of today"))
        if len(ours) == 1 and ours[0].applied is not None:
            number, words = str(ours[0].applied.number), summary_title(ours[0])
        else:
            number = str(len(ours))
            words = ", ".join(summary_title(one) for one in ours)
            beside = say(msg("lists, the oldest {age}", age=beside))
    return TileContent(
        icon="trust-lists",
        ink="warning" if overdue else "accent",
        label=say(_IN_FORCE),
        number=number,
        beside=beside,
        line=", ".join(part for part in (words, late, changes) if part),
    )


_UNUSABLE_SHORT = msg("Not usable as client")

_REASONS = ("rejected", "expired", "untrusted", "unreached", "other")
"""Why a partner fails, as far as a line has room; of several endpoints the first of these counts."""


def _reason(row: BoardRow) -> str:
    if row.mtls.state is State.BAD:
        return "rejected"
    if row.server.state is State.BAD:
        return "expired" if row.server.word.id == "Expired" else "untrusted"
    return "unreached" if row.tls_version is None else "other"


def _reasons(found: Iterable[str]) -> list[Message]:
    counts = Counter(found)
    words = {
        "rejected": lambda count: msg_n(
            "{count} rejects our certificate", "{count} reject our certificate", count
        ),
        "expired": lambda count: msg_n("{count} has expired", "{count} have expired", count),
        "untrusted": lambda count: msg_n("{count} is not trusted", "{count} are not trusted", count),
        "unreached": lambda count: msg_n("{count} without a handshake", "{count} without a handshake", count),
        "other": lambda count: msg_n("{count} for other reasons", "{count} for other reasons", count),
    }
    return [words[reason](counts[reason]) for reason in _REASONS if counts[reason]]


def _joined(parts: Iterable[Message]) -> str:
    return ", ".join(say(part) for part in parts)


def _waiting(icon: str, label: Message) -> TileContent:
    short = say(_UNUSABLE_SHORT) if label is _UNUSABLE else ""
    line = say(msg("Not known yet"))
    return TileContent(icon=icon, ink="text3", label=say(label), short=short, number=NOT_KNOWN, line=line)
