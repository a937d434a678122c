"""The template of sentences: what is extracted, and that it is the same wherever it is made."""

from __future__ import annotations

import tomllib
from pathlib import Path

import catalogue
from tests.support.diagnosis import RULES


def package(folder: Path, source: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(source, encoding="utf-8")
    return folder


def test_sentences_and_plurals_are_extracted(tmp_path: Path) -> None:
    source = 'msg("One {thing}.", thing=1)\nmsg_n("{count} day", "{count} days", n)\nother("Not this.")\n'

    text = catalogue.template(package(tmp_path / "trustdesk", source), tmp_path)

    assert 'msgid "One {thing}."' in text
    assert 'msgid "{count} day"\nmsgid_plural "{count} days"' in text
    assert "Not this." not in text


def test_template_says_neither_when_nor_where_it_was_made(tmp_path: Path) -> None:
    source = 'msg("B.")\nmsg("A.")\n'

    here = catalogue.template(package(tmp_path / "one" / "trustdesk", source), tmp_path)
    there = catalogue.template(package(tmp_path / "two" / "trustdesk", "\n\n" + source), tmp_path)

    assert here == there
    assert str(tmp_path) not in here
    assert "Date" not in here
    assert here.index('"A."') < here.index('"B."')


def test_sentences_of_data_files_are_extracted_and_nothing_else_of_them(tmp_path: Path) -> None:
    data = tmp_path / "resources" / "diagnosis"
    data.mkdir(parents=True)
    (data / "causes.toml").write_text(
        '[none]\nmeaning = "Nothing is wrong."\n[[message]]\npattern = "not this"\nseparate = "A probe."\n',
        encoding="utf-8",
    )
    text = catalogue.template(package(tmp_path / "trustdesk", ""), data)
    assert '#: resources/diagnosis/causes.toml\nmsgid "Nothing is wrong."' in text
    assert 'msgid "A probe."' in text
    assert "not this" not in text


def test_every_sentence_of_the_rules_is_extracted() -> None:
    text = (catalogue.DATA / "hypotheses.toml").read_text(encoding="utf-8")
    found = set(catalogue.sentences(tomllib.loads(text)))
    spoken = {said.id for rule in RULES.rules for said in (rule.statement, rule.remedy) if said is not None}
    spoken |= {experiment.purpose.id for experiment in RULES.experiments}
    assert spoken == found
