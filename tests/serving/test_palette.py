"""Colours: one set of roles, readable by day and by night (WCAG 2.2 AA), levels that can be told apart."""

import json
from itertools import pairwise

import pytest

from serving.palette import DARK, LIGHT, resolve, stylesheet, token

PALETTES = {"light": LIGHT, "dark": DARK}
TEXT = [
    *[(text, ground) for text in ("ink", "soft", "faint") for ground in ("page", "card", "sunken")],
    *[(f"level-{level}-ink", f"level-{level}") for level in range(1, 6)],
    *[("accent", ground) for ground in ("page", "card", "accent-ground")],
    *[("card", ground) for ground in ("accent", "ink", "bad")],
    *[("good", "card"), ("bad", "card"), ("warn-ink", "warn-ground")],
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_both_palettes_have_the_same_roles():
    assert set(LIGHT) == set(DARK)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(palette, text, ground):
    assert contrast(PALETTES[palette][text], PALETTES[palette][ground]) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("role", ["history", "forecast"])
def test_lines_can_be_seen(palette, role):
    assert contrast(PALETTES[palette][role], PALETTES[palette]["card"]) >= 3


@pytest.mark.parametrize("palette", PALETTES)
def test_levels_run_from_pale_to_strong(palette):
    ground = PALETTES[palette]["card"]
    strength = [contrast(PALETTES[palette][f"level-{level}"], ground) for level in range(1, 6)]
    assert strength == sorted(strength)
    assert min(later / earlier for earlier, later in pairwise(strength)) > 1.04


def test_the_style_sheet_names_every_role_in_every_mood():
    css = stylesheet()
    for role in LIGHT:
        assert css.count(f"--{role}: ") == 3


def test_tokens_become_colours():
    figure = {
        "layout": {"font": {"color": token("ink")}, "shapes": [{"fillcolor": token("level-3")}], "x": 3}
    }
    assert resolve(figure, LIGHT) == {
        "layout": {"font": {"color": LIGHT["ink"]}, "shapes": [{"fillcolor": LIGHT["level-3"]}], "x": 3}
    }
    assert "@" not in json.dumps(resolve(figure, DARK))


def test_an_unknown_role_names_the_known_ones():
    with pytest.raises(KeyError, match="level-1"):
        token("level-9")
