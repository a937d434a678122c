"""The colours of both themes: one frozen object each, and nothing else writes hex."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours of one theme as `#RRGGBB`.

    Text on any surface has a contrast of at least 4.5, control outlines and icons of at least 3
    (WCAG 2.2, 1.4.3 and 1.4.11); `border` and `grid` are decoration.

    Attributes:
        window: page ground and top bar.
        rail: left rail and status bar.
        surface: cards, fields, tables.
        sunken: table headers and quiet blocks.
        rail_current: ground of the rail's entry of the page in view.
        control: outline of fields, combos and tick boxes; lifelines.
        text2: labels, second lines, header cells.
        text3: counts, key hints, placeholders, disabled words.
        accent: what can be pressed or is selected; never a state.
        good_soft: ground under words in the state's colour; so for the other states.
        blue: charts: valid, phase handshake; `blue_tint` is its past.
        amber: charts: inside the warning time; phase settle.
        red: charts: expired, failed.
        teal: messages from the partner; phase first byte; done.
        violet: dates set by rules; phase connect.
        slate: alternative path; phase resolve; lesser causes.
    """

    window: str
    rail: str
    surface: str
    sunken: str
    rail_current: str
    hover: str
    selection: str
    border: str
    grid: str
    control: str
    text: str
    text2: str
    text3: str
    accent: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    bad: str
    bad_soft: str
    unknown: str
    unknown_soft: str
    blue: str
    blue_tint: str
    amber: str
    amber_tint: str
    red: str
    red_tint: str
    teal: str
    violet: str
    slate: str


LIGHT = Tokens(
    window="#F3F5F8",
    rail="#E8ECF2",
    surface="#FFFFFF",
    sunken="#F7F9FB",
    rail_current="#FFFFFF",
    hover="#EEF2F7",
    selection="#E4EDFB",
    border="#DBE1E9",
    grid="#E6EAF0",
    control="#7F8B9A",
    text="#18202B",
    text2="#4A5666",
    text3="#5D6979",
    accent="#1D5BBF",
    on_accent="#FFFFFF",
    accent_soft="#E4EDFB",
    good="#14704A",
    good_soft="#E2F3EA",
    warning="#8A5600",
    warning_soft="#FCF0D8",
    bad="#B3261E",
    bad_soft="#FBE8E6",
    unknown="#566272",
    unknown_soft="#ECEFF3",
    blue="#3B73C9",
    blue_tint="#B9CFF0",
    amber="#C88200",
    amber_tint="#F6DDA6",
    red="#C2382E",
    red_tint="#F2C4C0",
    teal="#0E6F66",
    violet="#4A2C85",
    slate="#8390A0",
)

DARK = Tokens(
    window="#13171D",
    rail="#0F1318",
    surface="#1A1F27",
    sunken="#161B22",
    rail_current="#20334F",
    hover="#222933",
    selection="#20334F",
    border="#2B333E",
    grid="#252C36",
    control="#6B7888",
    text="#E7EBF1",
    text2="#B4BECB",
    text3="#95A1B0",
    accent="#82B1FF",
    on_accent="#0B1A30",
    accent_soft="#1D3050",
    good="#62CB98",
    good_soft="#15332A",
    warning="#EFB750",
    warning_soft="#382C13",
    bad="#FF8F86",
    bad_soft="#371F1F",
    unknown="#A3AEBC",
    unknown_soft="#252C36",
    blue="#5E92E2",
    blue_tint="#2C4A78",
    amber="#E5AA3C",
    amber_tint="#5C4717",
    red="#F0746A",
    red_tint="#6A2F2B",
    teal="#74D2C5",
    violet="#CBB8F5",
    slate="#8491A1",
)
