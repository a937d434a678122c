"""Whether a list says that it is IATA's, however it writes that. Pure.

Nothing is proved or disproved here: what is found has to be proved by a signer that a person compared.
"""

from __future__ import annotations

import re
import unicodedata

from trustdesk.core.trust_version import ListContent
from trustdesk.core.untrusted import bounded

_MAX_LOOKED_AT = 1000

# Letters of other scripts that look like those of the name (Unicode TR 39, confusables).
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\u0406\u04c0\u0399\u13c6\ua4f2\u2160", "I"),
        **dict.fromkeys("\u0456\u03b9\u0131\u04cf\u2170\u0269", "i"),
        **dict.fromkeys("\u0410\u0391\u13aa\ua4ee\u15c5", "A"),
        **dict.fromkeys("\u0430\u03b1\u0251", "a"),
        **dict.fromkeys("\u0422\u03a4\u13a2\ua4d4\u22a4", "T"),
        **dict.fromkeys("\u0442\u03c4\u1d1b", "t"),
        **dict.fromkeys("\u041e\u039f", "O"),
        **dict.fromkeys("\u043e\u03bf", "o"),
        **dict.fromkeys("\u0415\u0395", "E"),
        **dict.fromkeys("\u0435\u03b5", "e"),
        **dict.fromkeys("\u0440\u03c1", "p"),
        **dict.fromkeys("\u0441\u03f2", "c"),
        **dict.fromkeys("\u0455", "s"),
        **dict.fromkeys("\u041d\u039d", "N"),
    }
)
_NAMES = (
    # At the start of a word; the same between separators, which have to be the same each time.
    re.compile(r"(?<![a-z])iata", re.IGNORECASE),
    re.compile(r"(?<![a-z])i([\W_]{1,3})a\1t\1a(?![a-z])", re.IGNORECASE),
    # Within a word that is written in humps, and with figures that look like the letters.
    re.compile(r"(?<![A-Z])IATA"),
    re.compile(r"(?<![A-Za-z])[Il1|!][A4@][T7][A4@](?![a-z])"),
    re.compile(r"international[\W_]*air[\W_]*transport[\W_]*association", re.IGNORECASE),
    re.compile(r"association[\W_]*internationale[\W_]*du[\W_]*transport[\W_]*aerien", re.IGNORECASE),
    re.compile(r"asociacion[\W_]*internacional[\W_]*de[\W_]*transporte[\W_]*aereo", re.IGNORECASE),
    re.compile(r"internationale[\W_]*luft(verkehrs|transport)[\W_]*(vereinigung|verband)", re.IGNORECASE),
)


def names_iata(text: str) -> bool:
    """Whether a text names IATA: short or in full, with dots, blanks or letters that look like its own."""
    # Letters are taken apart from their accents first, then wide and styled ones become plain.
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", bounded(text, _MAX_LOOKED_AT))
        if unicodedata.category(character) not in {"Mn", "Cf"}
    ).translate(_LOOKALIKES)
    return any(pattern.search(plain) for pattern in _NAMES)


def claims_of_iata(content: ListContent) -> tuple[str, ...]:
    """Return what a list says of itself that names IATA, each text once; empty where nothing does."""
    said = (
        content.title,
        content.publisher.name,
        content.publisher.uri,
        content.list_id,
        content.scheme_uri,
        content.authority_claimed,
    )
    return tuple(dict.fromkeys(text for text in said if names_iata(text)))
