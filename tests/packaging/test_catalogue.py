"""The template of sentences: what is extracted, and that it is the same wherever it is made."""

from __future__ import annotations

import gettext
import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog

import catalogue
from build_hook import compile_translations
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


def known(**translations: str | Sequence[str]) -> Catalog:
    catalog = Catalog()
    for sentence, translated in translations.items():
        plural = not isinstance(translated, str)
        forms = translated if isinstance(translated, str) else tuple(translated)
        catalog.add((sentence, f"{sentence}s") if plural else sentence, forms)
    return catalog


def file_of(folder: Path, language: str, before: Catalog, sentences: Catalog) -> Path:
    file = folder / language / "LC_MESSAGES" / "trustdesk.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(catalogue.translation(language, before, sentences), encoding="utf-8")
    return file


def test_a_translation_keeps_what_is_said_still_and_drops_the_rest() -> None:
    text = catalogue.translation("de", known(Yes="Ja", Gone="Weg"), known(Yes="", New=""))
    assert 'msgid "Yes"\nmsgstr "Ja"' in text
    assert 'msgid "New"\nmsgstr ""' in text
    assert "Gone" not in text


def test_a_sentence_without_translation_or_with_other_places_is_named() -> None:
    wrong = known(New="", **{"{a} of {b}": "{a} von {c}", "{count} day": ("ein Tag", "{count} Tage")})
    wrong.add("Broken", "{")
    assert list(catalogue.problems(wrong)) == [
        "not translated: New",
        "other {places} than {a} of {b}",
        "other {places} than Broken",
    ]


def test_every_form_of_arabic_is_chosen_by_its_number(tmp_path: Path) -> None:
    forms = ("0", "1", "2", "few", "many", "other")
    catalog = known(day=forms)
    file_of(tmp_path, "ar", catalog, catalog)
    compile_translations(tmp_path)
    arabic = gettext.translation("trustdesk", tmp_path, ["ar"])
    said = {n: arabic.ngettext("day", "days", n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 1000)}
    assert said == {
        0: "0", 1: "1", 2: "2", 3: "few", 10: "few", 11: "many", 99: "many",
        100: "other", 102: "other", 103: "few", 1000: "other",
    }  # fmt: skip


def test_what_is_not_translated_is_said_in_english(tmp_path: Path) -> None:
    catalog = known(Yes="Ja", New="", day=("", ""))
    file_of(tmp_path, "de", catalog, catalog)
    compile_translations(tmp_path)
    german = gettext.translation("trustdesk", tmp_path, ["de"])
    assert [german.gettext("Yes"), german.gettext("New"), german.ngettext("day", "days", 2)] == [
        "Ja",
        "New",
        "days",
    ]


def test_only_a_translation_that_has_changed_is_compiled_again(tmp_path: Path) -> None:
    first, second = known(Yes="Ja"), known(Yes="Jawohl")
    file = file_of(tmp_path, "de", first, first)
    compile_translations(tmp_path)
    compiled = file.with_suffix(".mo")
    made = compiled.read_bytes()
    file_of(tmp_path, "de", second, second)
    os.utime(compiled, (2e9, 2e9))
    compile_translations(tmp_path)
    assert compiled.read_bytes() == made
    os.utime(file, (2.1e9, 2.1e9))
    compile_translations(tmp_path)
    assert compiled.read_bytes() != made
