"""Reads the rule file of an organisation: TOML that people edit, so that every mistake has its line.

`resources/rules/org-example.toml` shows every key with its meaning.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import NoReturn, TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg
from trustdesk.verify.profiles.policy import DEFAULT_POLICY, OrganisationPolicy

MAX_FILE_BYTES = 256 * 1024

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "": ("name", "enforce_1r_2020", "keys", "expiry", "validity", "issuers", "severity"),
    "keys": ("rsa_min_bits", "curves"),
    "expiry": ("warn_days", "error_days", "warn_percent"),
    "validity": ("max_days",),
    "issuers": ("allowed_cas",),
}
_CURVES = ("P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_.\"'-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")
_TOML_LINE = re.compile(r"at line (\d+)")

T = TypeVar("T")


def read_policy(data: bytes, source: str, rule_ids: Collection[str]) -> OrganisationPolicy:
    """Read a rule file.

    Args:
        data: the file.
        source: its name, for errors.
        rule_ids: the rules that may stand under `[severity]`.

    Raises:
        UnusableInputError: it is no TOML, or says something that is not understood; place and problem name
            file, line and key.
    """
    return _File(data, source).policy(rule_ids)


class _File:
    """One rule file while it is read."""

    def __init__(self, data: bytes, source: str) -> None:
        self._source = source
        self._lines: list[str] = []
        if len(data) > MAX_FILE_BYTES:
            self._fail(msg("The file is too big for a rule file."), msg("Choose another file."), 1)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self._fail(msg("The file is not UTF-8."), msg("Save it as UTF-8."), line)
        self._lines = text.splitlines()
        try:
            self._root: dict[str, object] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            self._fail(
                msg("This is no TOML: {detail}", detail=str(error)),
                msg("Correct that line; texts stand in quotes, lists in brackets."),
                int(found[1]) if found else len(self._lines),
            )

    def policy(self, rule_ids: Collection[str]) -> OrganisationPolicy:
        self._only_known("")
        for table in ("keys", "expiry", "validity", "issuers"):
            self._only_known(table)
        default = DEFAULT_POLICY
        policy = OrganisationPolicy(
            name=self._value("", "name", default.name, self._text),
            rsa_min_bits=self._value("keys", "rsa_min_bits", default.rsa_min_bits, self._number(2048, 16384)),
            curves=self._value("keys", "curves", default.curves, self._curves),
            warn_days=self._value("expiry", "warn_days", default.warn_days, self._number(0, 3660)),
            error_days=self._value("expiry", "error_days", default.error_days, self._number(0, 3660)),
            warn_percent=self._value("expiry", "warn_percent", default.warn_percent, self._number(1, 100)),
            max_validity_days=self._value("validity", "max_days", None, self._number(1, 36600)),
            allowed_cas=self._value("issuers", "allowed_cas", default.allowed_cas, self._digests),
            enforce_1r_2020=self._value("", "enforce_1r_2020", default.enforce_1r_2020, self._flag),
            severities=self._severities(rule_ids),
        )
        if policy.error_days > policy.warn_days:
            self._fail_at(
                "expiry",
                "error_days",
                msg(
                    "The error would come before the warning, which is at {days} days.", days=policy.warn_days
                ),
                msg("Give it at most as many days as warn_days."),
            )
        return policy

    def _table(self, table: str) -> dict[str, object]:
        if not table:
            return self._root
        found = self._root.get(table, {})
        if not isinstance(found, dict):
            self._fail_at("", table, msg("It is no section."), msg("Write it as [{table}].", table=table))
        return found

    def _only_known(self, table: str) -> None:
        for key in self._table(table):
            if key not in _KNOWN[table]:
                self._fail_at(table, key, msg("Nothing is known of this key."), _instead(key, _KNOWN[table]))

    def _value(self, table: str, key: str, default: T, read: Callable[[str, str, object], T]) -> T:
        entries = self._table(table)
        return read(table, key, entries[key]) if key in entries else default

    def _text(self, table: str, key: str, value: object) -> str:
        if not isinstance(value, str):
            self._fail_at(table, key, msg("It is no text."), msg("Write it in quotes."))
        return value

    def _flag(self, table: str, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            self._fail_at(table, key, msg("It is neither true nor false."), msg("Write true or false."))
        return value

    def _number(self, least: int, most: int) -> Callable[[str, str, object], int]:
        def read(table: str, key: str, value: object) -> int:
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                self._fail_at(
                    table,
                    key,
                    msg("It is no whole number from {least} to {most}.", least=least, most=most),
                    msg("Write a number without quotes."),
                )
            return value

        return read

    def _texts(self, table: str, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fail_at(table, key, msg("It is no list of texts."), msg('Write it as ["one", "two"].'))
        return tuple(value)

    def _curves(self, table: str, key: str, value: object) -> tuple[str, ...]:
        curves = self._texts(table, key, value)
        for curve in curves:
            if curve not in _CURVES:
                self._fail_at(
                    table, key, msg("{curve} is no curve.", curve=curve), _instead(curve, _CURVES), at=curve
                )
        return curves

    def _digests(self, table: str, key: str, value: object) -> tuple[str, ...]:
        digests = []
        for text in self._texts(table, key, value):
            digest = re.sub(r"[\s:-]", "", text).lower()
            if not _SHA256.fullmatch(digest):
                self._fail_at(
                    table,
                    key,
                    msg("{text} is no SHA-256 fingerprint.", text=text),
                    msg("Write the 64 hexadecimal digits of the CA certificate's fingerprint."),
                    at=text,
                )
            digests.append(digest)
        return tuple(digests)

    def _severities(self, rule_ids: Collection[str]) -> Mapping[str, Severity]:
        severities = {}
        for rule_id, value in self._table("severity").items():
            if rule_id not in rule_ids:
                self._fail_at(
                    "severity",
                    rule_id,
                    msg("There is no rule {rule}.", rule=rule_id),
                    _instead(rule_id, rule_ids),
                )
            if value not in list(Severity):
                self._fail_at(
                    "severity",
                    rule_id,
                    msg("{value} is no severity.", value=str(value)),
                    msg("Write one of {known}.", known=", ".join(Severity)),
                )
            severities[rule_id] = Severity(str(value))
        return MappingProxyType(severities)

    def _fail_at(
        self, table: str, key: str, problem: Message, remedy: Message, at: str | None = None
    ) -> NoReturn:
        dotted = f"{table}.{key}" if table else key
        self._fail(
            msg("{key}: {problem}", key=dotted, problem=problem), remedy, self._line_of(table, key, at)
        )

    def _fail(self, problem: Message, remedy: Message, line: int) -> NoReturn:
        raise UnusableInputError(
            msg("Line {line}: {problem}", line=line, problem=problem), remedy=remedy, place=self._source
        )

    def _line_of(self, table: str, key: str, at: str | None = None) -> int:
        """Find the line of a key, as far as people write TOML: tables in brackets, dotted or quoted keys."""
        current, found = "", 1
        for number, line in enumerate(self._lines, start=1):
            if header := _TABLE.match(line):
                current = _bare(header[1])
                if key == current and not table:
                    return number
                if current == table:
                    found = number
            elif pair := _KEY.match(line):
                name = _bare(pair[1])
                if ".".join(part for part in (current, name) if part) == ".".join(filter(None, (table, key))):
                    return self._line_with(at, number) if at is not None else number
                if not current and name == table:
                    found = number
        return found

    def _line_with(self, text: str, first: int) -> int:
        """Find the line that holds one item of a list that begins on line `first`."""
        for number, line in enumerate(self._lines[first - 1 :], start=first):
            if text in line:
                return number
        return first


def _bare(key: str) -> str:
    return ".".join(part.strip("\"'") for part in key.split("."))


def _instead(word: str, known: Collection[str]) -> Message:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    if near:
        return msg("Did you mean {word}?", word=near[0])
    return msg("Known are: {known}.", known=", ".join(sorted(known)))
