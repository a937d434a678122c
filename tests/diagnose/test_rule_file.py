"""The rule file: what is in it holds together, and what does not is refused with its place."""

from __future__ import annotations

import pytest

from tests.support.diagnosis import RULES, TEXTS
from trustdesk.diagnose.cause_texts import CatalogueError
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.facts import Fact
from trustdesk.diagnose.ranking import PROOF
from trustdesk.diagnose.rule_file import read_rules

RULE = '[[rule]]\ncause = "none"\nwhen = ["answered"]\nweight = 1\n'
EXPERIMENT = """
[[experiment]]
name = "n"
change = { alpn = "none" }
groups = [["none"], ["dns_failure"]]
purpose = "P."
"""


def test_every_cause_has_a_rule_that_speaks_for_it() -> None:
    assert {rule.cause for rule in RULES.rules if rule.weight > 0} == set(Cause)


def test_every_cause_that_names_a_culprit_with_certainty_has_something_to_rest_on() -> None:
    unexplained = {Cause.ALERT_UNEXPLAINED, Cause.CLIENT_CERT_REJECTED_UNEXPLAINED}
    assert not {rule.cause for rule in RULES.rules if rule.weight >= PROOF} & unexplained


def test_log_lines_are_there_for_every_fault_of_ours_that_a_family_tells() -> None:
    told = {Cause.CLIENT_CERT_REQUIRED, Cause.CLIENT_CA_NOT_TRUSTED, Cause.CLIENT_CERT_EXPIRED}
    assert RULES.logs
    assert all(told <= lines.keys() for lines in RULES.logs.values())


def test_every_fact_speaks_for_or_against_something() -> None:
    used = {fact for rule in RULES.rules for fact in rule.when | rule.unless}
    used |= {fact for experiment in RULES.experiments for fact in experiment.when | experiment.unless}
    assert set(Fact) - used == _TOLD_ONLY


_TOLD_ONLY = {Fact.CANCELLED}


def test_rules_of_one_cause_are_not_said_twice() -> None:
    keys = [(rule.cause, rule.when, rule.unless, rule.families) for rule in RULES.rules]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "text",
    [
        RULE.replace("none", "no_such_cause"),
        RULE.replace("answered", "no_such_fact"),
        RULE.replace('["answered"]', "[]"),
        RULE.replace("= 1", '= "much"'),
        RULE.replace("= 1", "= true"),
        RULE.replace("weight", "wieght"),
        RULE + 'family = ["no_such_family"]\n',
        RULE + 'statement = ""\n',
        RULE + 'responsible = "somebody"\n',
        RULE + 'unless = "answered"\n',
        EXPERIMENT.replace("alpn", "no_such_attribute"),
        EXPERIMENT.replace('"none" }', '"no_such_choice" }'),
        EXPERIMENT.replace("alpn =", 'groups = "classic", alpn ='),
        EXPERIMENT.replace(', ["dns_failure"]', ""),
        EXPERIMENT.replace('purpose = "P."', ""),
        '[log.nginx]\nno_such_cause = "x"\n',
        '[log.no_such_family]\nnone = "x"\n',
        "interceptors = [1]\n",
        "rules = []\n",
    ],
)
def test_file_that_names_what_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        read_rules(text, TEXTS)


def test_entries_that_are_refused_above_are_fine_as_they_stand() -> None:
    book = read_rules(RULE + EXPERIMENT, TEXTS)
    assert (len(book.rules), len(book.experiments)) == (1, 1)
