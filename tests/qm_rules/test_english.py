"""The edition in English: complete, of nothing else, and looked up by the official Chinese."""

import pytest

from qm_rules import PackError, load_pack
from qm_rules.pack.english import shown_texts
from qm_rules.pack.loading import edition_ids
from tests.qm_rules.editions import ID, copied, replace

PACK = load_pack(ID)


@pytest.mark.parametrize("edition", edition_ids())
def test_all_that_is_shown_is_translated(edition):
    pack = load_pack(edition)
    for text in shown_texts(pack):
        if text != ".":  # the stray full stop at the annex's end says nothing
            said = pack.said(text)
            assert said.en
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in said.en), said


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("assurance", "保证级", "Assurance"),
        ("cpk", "过程能力指数", "Process capability index"),
        ("data", "质量数据收集与应用", "Collection and use of quality data"),
        ("performance", "全过程质量绩效", "Whole-process quality performance"),
    ],
)
def test_names(name, zh, en):
    assert PACK.words(name) == (zh, en)


def test_levels_by_number_and_what_is_unknown():
    assert [PACK.level_words(level).en for level in range(1, 6)] == [
        "Experience", "Inspection", "Assurance", "Prevention", "Excellence",
    ]  # fmt: skip
    with pytest.raises(PackError, match=r"6.*allowed: 1, 2"):
        PACK.level_words(6)
    with pytest.raises(PackError, match=r"'oee'.*allowed: experience"):
        PACK.words("oee")
    with pytest.raises(PackError, match="no English for '顾客'"):
        PACK.english("顾客")


def test_punctuation_at_the_ends_does_not_matter():
    assert PACK.english("过程能力指数大于等于1.33,") == PACK.english("过程能力指数大于等于1.33")


def numbers(text):
    kept = "".join(letter if letter.isdigit() or letter == "." else " " for letter in text.replace(",", ""))
    return [part.strip(".") for part in kept.split() if part.strip(".")]


@pytest.mark.parametrize(
    "quote", sorted({bound.quote for r in PACK.indicators.values() for bound in r.bounds})
)
def test_a_translated_bound_has_the_same_numbers(quote):
    assert numbers(PACK.english(quote)) == numbers(quote)


def test_it_says_that_it_is_unofficial():
    assert "非官方" in PACK.governs.zh
    assert "unofficial" in PACK.governs.en


@pytest.mark.parametrize("name", PACK.policies)
def test_policies_speak_both_languages(name):
    setting = PACK.policies[name]
    for value in setting.choices or [setting.default]:
        meaning = setting.meaning(value)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in meaning.zh)
        assert setting.range is None or (value in meaning.zh and value in meaning.en)
        assert "{" not in meaning.zh + meaning.en


FAULTS = {
    "nothing for a text": ("  战略实施: Implementation of strategy\n", "", "no English for '战略实施'"),
    "a text that is not shown": (
        "  战略实施:",
        "  质量成本: Cost of quality\n  战略实施:",
        "'质量成本'.*allowed",
    ),
    "a text twice": ("quotes: #", 'quotes: #\n  "保证级。": Assurance\n#', "'保证级。' again"),
    "an unknown section": ("annex: #", "rest: {}\nannex: #", "'rest'.*allowed"),
    "no section": ("annex: #", "appendix: #", "'appendix'.*allowed"),
    "no text": ("战略实施: Implementation of strategy", "战略实施:", "'战略实施': None"),
    "a language too many": ("  en: The English", "  de: x\n  en: The English", "'de'.*allowed: en, zh"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_translation_is_refused(fault, tmp_path):
    old, new, message = FAULTS[fault]
    editions = copied(tmp_path)
    replace(editions / ID / "english.yaml", old, new)
    with pytest.raises(PackError, match=f"(?s)english.yaml.*{message}"):
        load_pack(ID, editions)
