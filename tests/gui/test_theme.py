from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QApplication

from trustdesk.gui.theme.icons import icon, pixmap
from trustdesk.gui.theme.theme import ThemeMode, current_theme, state_look
from trustdesk.gui.theme.tokens import DARK, LIGHT, Tokens
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.services.board import State

GROUNDS = ("surface", "window", "rail", "sunken", "selection", "rail_current")
TEXTS = ("text", "text2", "text3", "accent")
STATES = ("good", "warning", "bad", "unknown")
CHARTS = ("blue", "amber", "red", "teal", "violet", "slate")
TEXT_CONTRAST = 4.5
OUTLINE_CONTRAST = 3.0
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(autouse=True)
def _theme(qapp: QApplication) -> Iterator[None]:
    current_theme().apply(qapp)
    yield
    current_theme().set_mode(ThemeMode.LIGHT)


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", TEXTS)
def test_text_on_every_surface_has_a_contrast_of_4_5(tokens: Tokens, ground: str, ink: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("ground", ["surface", "window", "rail", "sunken", "selection", "hover", "soft"])
def test_state_words_have_a_contrast_of_4_5(tokens: Tokens, state: str, ground: str) -> None:
    under = getattr(tokens, f"{state}_soft") if ground == "soft" else getattr(tokens, ground)
    assert contrast(getattr(tokens, state), under) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("accent", "accent_soft"),
        ("text", "hover"),
        ("text2", "hover"),
        ("accent", "hover"),
        ("text2", "unknown_soft"),
        *[("text", f"{state}_soft") for state in STATES],
        *[("text2", f"{state}_soft") for state in STATES],
    ],
)
def test_words_on_soft_grounds_have_a_contrast_of_4_5(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= TEXT_CONTRAST


@THEMES
@pytest.mark.parametrize("ground", ["surface", "window"])
def test_control_outlines_have_a_contrast_of_3(tokens: Tokens, ground: str) -> None:
    assert contrast(tokens.control, getattr(tokens, ground)) >= OUTLINE_CONTRAST


@THEMES
@pytest.mark.parametrize("chart", CHARTS)
def test_chart_colours_have_a_contrast_of_3_on_surface(tokens: Tokens, chart: str) -> None:
    assert contrast(getattr(tokens, chart), tokens.surface) >= OUTLINE_CONTRAST


@THEMES
def test_every_token_is_one_opaque_colour(tokens: Tokens) -> None:
    for name, color in asdict(tokens).items():
        assert re.fullmatch(r"#[0-9A-F]{6}", color), name


def test_a_chosen_theme_sets_palette_and_tokens(qapp: QApplication) -> None:
    heard: list[str] = []
    current_theme().changed.connect(lambda: heard.append(current_theme().tokens.window))
    for mode, tokens in ((ThemeMode.DARK, DARK), (ThemeMode.LIGHT, LIGHT)):
        current_theme().set_mode(mode)
        assert current_theme().tokens is tokens
        window = qapp.palette().color(QPalette.ColorRole.Window)
        assert window.name().upper() == tokens.window
        assert tokens.control in qapp.styleSheet()
    assert heard == [DARK.window, LIGHT.window]


def test_an_unknown_system_scheme_counts_as_light() -> None:
    current_theme().set_mode(ThemeMode.SYSTEM)
    assert current_theme().tokens is LIGHT


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
@pytest.mark.parametrize("state", list(State))
def test_every_state_has_an_icon_that_shows(mode: ThemeMode, state: State) -> None:
    current_theme().set_mode(mode)
    look = state_look(state)
    image = pixmap(look.icon, look.color, 16, 2.0).toImage()
    assert image.width() == 32
    assert inked(image) > 20


def test_states_differ_in_their_icon_and_not_only_in_colour() -> None:
    looks = [state_look(state).icon for state in State]
    assert len(set(looks)) == len(looks)


def test_an_icon_takes_the_colour_asked_for() -> None:
    image = pixmap("tick", "#14704A", 24, 1.0).toImage()
    colors = {
        image.pixelColor(x, y).name().upper()
        for x in range(24)
        for y in range(24)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert "#14704A" in colors


def test_an_icon_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        pixmap("no-such-icon", "#000000", 16, 1.0)


def test_an_icon_comes_for_plain_and_for_dense_screens() -> None:
    sizes = {size.width() for size in icon("search", "#000000", 16).availableSizes()}
    assert sizes == {16, 32}


def test_every_style_of_the_scale_is_a_style_of_its_own() -> None:
    assert len({(style.value) for style in TypeStyle}) == len(list(TypeStyle)) == len(TypeStyle.__members__)
    assert font(TypeStyle.PAGE_TITLE).pixelSize() > font(TypeStyle.BODY).pixelSize() >= 13


def test_tokens_have_a_tint_only_where_there_is_a_past() -> None:
    tints = {field.name for field in fields(Tokens) if field.name.endswith("_tint")}
    assert tints == {"blue_tint", "amber_tint", "red_tint"}


def inked(image: QImage) -> int:
    return sum(
        image.pixelColor(x, y).alpha() > 40 for x in range(image.width()) for y in range(image.height())
    )
