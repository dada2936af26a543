"""Two complete languages, no bare text in a template, numbers and dates by the reader's habits."""

import re
import string
from decimal import Decimal
from pathlib import Path

import pytest

from qm_rules import load_pack
from serving.web import html
from serving.web.language import CODES, Language, language, preferred

WEB = Path(html.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "static").glob("*.js"))
ZH, EN = language("zh"), language("en")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert set(ZH.messages) == set(EN.messages)


@pytest.mark.parametrize("key", sorted(ZH.messages))
def test_a_sentence_is_there_in_both_languages(key):
    assert ZH.messages[key].strip()
    assert EN.messages[key].strip()


OWN_BLANKS = {
    "overview.more": "Chinese counts all of them, English the others",
    "grade.sentence.binding.many": "the same",
    **{
        key: "Chinese numbers the months, English names them"
        for key in ZH.messages
        if key.startswith("period.")
    },
}


@pytest.mark.parametrize("key", sorted(set(ZH.messages) - set(OWN_BLANKS)))
def test_a_sentence_has_the_same_blanks_in_both_languages(key):
    assert blanks(ZH.messages[key]) == blanks(EN.messages[key])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_bare_text(template):
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<!doctype html>", "", text)
    words = re.sub(r"<[^>]*>", "", text)
    assert not re.findall(r"[^\W\d_]+", words), words.strip()
    shown = re.findall(r'(?:aria-label|title|placeholder|alt|content)="([^"]*)"', text)
    allowed = {"width=device-width, initial-scale=1", ""}
    assert not [value for value in shown if value.strip(" -") not in allowed and re.search(r"\w", value)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\son\w+\s*=|\sstyle\s*=|javascript:|<style", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


def test_every_key_that_templates_name_exists():
    used = set()
    for template in TEMPLATES:
        used |= set(re.findall(r"""\bt\(["']([\w.]+)["'][),]""", template.read_text(encoding="utf-8")))
    assert used
    assert used <= set(ZH.messages)


def test_every_key_that_code_names_exists():
    used = set()
    for file in WEB.rglob("*.py"):
        used |= set(re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[),]""", file.read_text(encoding="utf-8")))
    assert len(used) > 30
    assert used <= set(ZH.messages)


def test_official_terms_are_the_documents_own_in_both_languages():
    pack = load_pack()
    for level in pack.levels:
        assert ZH(f"level.{level.level}") == level.name
        assert EN(f"level.{level.level}").startswith(f"{level.name} ")
    named = {**pack.indicators, **pack.items}
    for item, rule in named.items():
        assert ZH(f"item.{item}") == rule.name
        assert EN(f"item.{item}").startswith(f"{rule.name} ")
    for dimension, rule in pack.dimensions.items():
        assert ZH(f"dimension.{dimension}") == rule.name
        assert EN(f"dimension.{dimension}").startswith(f"{rule.name} ")


def test_a_missing_key_names_itself_and_its_file():
    with pytest.raises(KeyError, match=r"nothing\.there.*messages/en/"):
        EN("nothing.there")


def test_an_unknown_language_names_the_known_ones():
    with pytest.raises(KeyError, match="zh, en"):
        language("fr")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("de", "zh"),
        ("", "zh"),
        ("*", "zh"),
    ],
)
def test_the_browsers_wish(header, code):
    assert preferred(header) == code


@pytest.mark.parametrize(
    ("t", "call", "shown"),
    [
        (ZH, lambda t: t.number(-1234567.5, 1), "−1,234,567.5"),
        (ZH, lambda t: t.percent(0.9735), "97.35%"),
        (EN, lambda t: t.percent(0.9735), "97.35\u00a0%"),
        (ZH, lambda t: t.percent(Decimal("0.29"), 1), "29.0%"),
        (ZH, lambda t: t.money(1_800_000), "180 万元"),
        (ZH, lambda t: t.money(123_456_789), "1.23 亿元"),
        (ZH, lambda t: t.money(980), "980 元"),
        (EN, lambda t: t.money(1_800_000), "CNY 1.80 million"),
        (EN, lambda t: t.money(2_500_000_000), "CNY 2.50 billion"),
        (EN, lambda t: t.money(Decimal("9800.00")), "CNY 9.80 thousand"),
        (ZH, lambda t: t.period("2025-03"), "2025年3月"),
        (EN, lambda t: t.period("2025-03"), "Mar 2025"),
        (ZH, lambda t: t.period("2025-W07"), "2025年第7周"),
        (EN, lambda t: t.period("2025-W07"), "week 7 of 2025"),
        (ZH, lambda t: t.period("2025-12-31"), "2025年12月31日"),
        (EN, lambda t: t.period("2025-12-31"), "31 Dec 2025"),
        (ZH, lambda t: t.chance(0.004), "<1%"),
        (ZH, lambda t: t.chance(0.9999), ">99%"),
        (ZH, lambda t: t.chance(0.374), "37%"),
        (EN, lambda t: t.target("ppm", 12345.6), "12,346 ppm"),
        (EN, lambda t: t.target("ppm", 3.4), "3.40 ppm"),
        (EN, lambda t: t.target("cpk", 1.3299, 4), "1.3299"),
        (ZH, lambda t: t.signed("ftq", 0.0042), "+0.42 个百分点"),
        (EN, lambda t: t.signed("internal_loss", -0.0018), "−0.18 pp"),
        (ZH, lambda t: t.span("ftq", 0.9614, 0.9778), "96.14–97.78%"),
        (EN, lambda t: t.span("ppm", 141, 165), "141–165 ppm"),
        (EN, lambda t: t.span("cpk", 1.1, 1.25), "1.10–1.25"),
        (EN, lambda t: t.signed_span("ftq", -0.001, 0.002), "−0.10 to +0.20 pp"),
        (ZH, lambda t: t.short(0), "0"),
        (ZH, lambda t: t.short(0.000123456), "0.000123"),
        (ZH, lambda t: t.short(48210), "48,210"),
    ],
)
def test_habits(t: Language, call, shown):
    assert call(t) == shown


def test_both_languages_are_offered_to_each_other():
    assert {language(code).other for code in CODES} == set(CODES)
