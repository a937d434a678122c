"""The rules of the diagnosis as data: which facts speak for which cause, and which probe separates what.

The file is `resources/diagnosis/hypotheses.toml`; its head says what stands in it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerFamily,
    ServerNameChoice,
    TlsVersions,
)
from trustdesk.core.message import Message
from trustdesk.core.probe import Responsible
from trustdesk.diagnose.cause_texts import CatalogueError, CauseText, text_of, texts_of
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What some facts together add to a cause.

    Attributes:
        when: facts that must all be there.
        unless: facts of which none may be.
        families: guesses at the server under which it counts; empty for any server.
        weight: bits of evidence; negative speaks against the cause.
        statement: the cause in other words, where this rule is the weightiest; None for the usual ones.
        remedy: another one, where no weightier rule has one; None for the usual one.
        responsible: who has to act, likewise; None for whom the cause names first.
    """

    cause: Cause
    when: frozenset[Fact]
    unless: frozenset[Fact]
    families: frozenset[ServerFamily]
    weight: float
    statement: Message | None
    remedy: Message | None
    responsible: Responsible | None

    def applies(self, facts: frozenset[Fact], family: ServerFamily | None) -> bool:
        """Whether it counts for a case."""
        if self.families and family not in self.families:
            return False
        return self.when <= facts and not self.unless & facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One thing to change, and what its answer would tell apart.

    Attributes:
        attribute: of `ProbeVariant`.
        value: what it is set to, in the word of its enumeration.
        groups: causes that would answer alike; those of different groups are told apart.
        when: facts without which it is not worth a connection.
        unless: facts that make it pointless.
        purpose: what it is made for, in a sentence.
    """

    name: str
    attribute: str
    value: str
    groups: tuple[frozenset[Cause], ...]
    when: frozenset[Fact]
    unless: frozenset[Fact]
    purpose: Message

    def applied_to(self, variant: ProbeVariant) -> ProbeVariant:
        """Return a variant with the change."""
        return _CHANGES[self.attribute](variant, self.value)


_CHANGES: Mapping[str, Callable[[ProbeVariant, str], ProbeVariant]] = {
    "versions": lambda variant, word: replace(variant, versions=TlsVersions(word)),
    "certificate": lambda variant, word: replace(variant, certificate=CertificateChoice(word)),
    "server_name": lambda variant, word: replace(variant, server_name=ServerNameChoice(word)),
    "groups": lambda variant, word: replace(variant, groups=GroupChoice(word)),
    "alpn": lambda variant, word: replace(variant, alpn=AlpnChoice(word)),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleBook:
    """All that a diagnosis goes by; each book is one of its own, so that what follows from it can be kept.

    Attributes:
        interceptors: names of products that inspect traffic, in lower case, as they stand in issuers.
        logs: what a family of servers writes into its log for a cause, in no language.
        texts: every cause in words.
        uses: in how many rules each fact stands among the conditions.
    """

    rules: tuple[Rule, ...]
    experiments: tuple[Experiment, ...]
    interceptors: tuple[str, ...]
    logs: Mapping[ServerFamily, Mapping[Cause, str]]
    texts: Mapping[Cause, CauseText]
    uses: Mapping[Fact, int]


def read_rules(text: str, texts: Mapping[Cause, CauseText]) -> RuleBook:
    """Read the file.

    Args:
        texts: every cause in words (`cause_texts`).

    Raises:
        CatalogueError: an entry is incomplete, or names what there is not.
    """
    tables = tomllib.loads(text)
    place = "hypotheses"
    try:
        _only(tables, {"interceptors", "rule", "experiment", "log"})
        rules, experiments = [], []
        for number, table in enumerate(_tables(tables, "rule"), 1):
            place = f"rule {number} ({table.get('cause')})"
            rules.append(_rule(table))
        for number, table in enumerate(_tables(tables, "experiment"), 1):
            place = f"experiment {number} ({table.get('name')})"
            experiments.append(_experiment(table))
        place = "log"
        logs = {
            ServerFamily(family): {Cause(code): text_of(line) for code, line in _table(lines).items()}
            for family, lines in _table(tables.get("log", {})).items()
        }
        place = "interceptors"
        interceptors = tuple(name.casefold() for name in texts_of(tables.get("interceptors", [])))
    except (KeyError, ValueError, TypeError) as error:
        raise CatalogueError(f"{place}: {error}") from error
    return RuleBook(
        rules=tuple(rules),
        experiments=tuple(experiments),
        interceptors=interceptors,
        logs=logs,
        texts=texts,
        uses=Counter(fact for rule in rules for fact in rule.when),
    )


def _rule(table: Mapping[str, object]) -> Rule:
    _only(table, {"cause", "when", "unless", "family", "weight", "statement", "remedy", "responsible"})
    weight = table["weight"]
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise TypeError(f"no weight: {weight!r}")
    when = _facts(table["when"])
    if not when:
        raise ValueError("no facts: a rule without any would always hold")
    return Rule(
        cause=Cause(text_of(table["cause"])),
        when=when,
        unless=_facts(table.get("unless", [])),
        families=frozenset(ServerFamily(name) for name in texts_of(table.get("family", []))),
        weight=float(weight),
        statement=_sentence(table, "statement"),
        remedy=_sentence(table, "remedy"),
        responsible=Responsible(text_of(table["responsible"])) if "responsible" in table else None,
    )


def _experiment(table: Mapping[str, object]) -> Experiment:
    _only(table, {"name", "change", "groups", "when", "unless", "purpose"})
    (attribute, value), *others = _table(table["change"]).items()
    if others:
        raise ValueError("changes more than one thing: nothing would follow from its answer")
    groups = table["groups"]
    if not isinstance(groups, list) or len(groups) < 2:
        raise TypeError("needs two groups at least")
    experiment = Experiment(
        name=text_of(table["name"]),
        attribute=attribute,
        value=text_of(value),
        groups=tuple(frozenset(Cause(code) for code in texts_of(group)) for group in groups),
        when=_facts(table.get("when", [])),
        unless=_facts(table.get("unless", [])),
        purpose=Message(id=text_of(table["purpose"])),
    )
    experiment.applied_to(ProbeVariant())  # raises where attribute or value is none
    return experiment


def _only(table: Mapping[str, object], keys: Set[str]) -> None:
    unknown = table.keys() - keys
    if unknown:
        raise ValueError(f"unknown {sorted(unknown)}")


def _tables(tables: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    found = tables.get(key, [])
    if not isinstance(found, list):
        raise TypeError(f"no list: {key}")
    return [_table(one) for one in found]


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"no table: {value!r}")
    return value


def _facts(value: object) -> frozenset[Fact]:
    return frozenset(Fact(name) for name in texts_of(value))


def _sentence(table: Mapping[str, object], key: str) -> Message | None:
    return Message(id=text_of(table[key])) if key in table else None
