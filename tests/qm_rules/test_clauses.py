"""Every clause of the annex is dealt with, and a new sentence in another edition cannot be missed."""

import pytest

from qm_rules import PackError, indicators, load_pack
from qm_rules.evidence.values import ITEMS
from qm_rules.grading import grade_by
from qm_rules.pack import bare
from qm_rules.pack.loading import EDITIONS, edition_ids
from qm_rules.rulebook import Rulebook
from tests.qm_rules.editions import ID, copied, replace

PACKS = [load_pack(name) for name in edition_ids()]
PACK = load_pack(ID)
LEVELS = (1, 2, 3, 4, 5)


def unspaced(text):
    return "".join(text.split())


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_the_clauses_are_the_annex_to_the_character(pack):
    source = (EDITIONS / pack.id / "source.txt").read_text(encoding="utf-8")
    annex = source[source.rindex(f"\n{pack.annex}\n") :]
    assert unspaced("".join(clause.quote for clause in pack.clauses)) == unspaced(annex)


def test_the_annex_of_2023_begins_and_ends_where_it_does():
    first, last = PACK.clauses[0], PACK.clauses[-2:]
    assert first.quote == "制造业企业质量管理能力等级划分说明"
    assert last[0].quote == "损失的费用主要包括:索赔费、退货损失费、折价损失费、保修费等。"
    assert last[1].quote == "."
    assert PACK.source.count("\n附件\n") == 1
    assert "".join(PACK.source.split()).endswith(unspaced("".join(c.quote for c in PACK.clauses)))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_clause_is_of_one_kind(pack):
    for clause in pack.clauses:
        kinds = [clause.heading, clause.indicators, clause.items, clause.defines]
        assert sum(bool(kind) for kind in kinds) == 1, clause
        assert (clause.level is not None) is bool(clause.indicators or clause.items), clause


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_bound_and_every_wording_is_reached(pack):
    for name in (*pack.indicators, *ITEMS):
        for level in LEVELS:
            assert pack.clause_of(name, level).level == level
    for name in (*pack.indicators, *pack.dimensions, *(level.id for level in pack.levels)):
        assert pack.clause_of(name).how
    with pytest.raises(PackError, match="no clause for qms"):
        pack.clause_of("qms")


def quotes(pack):
    for name, rule in pack.indicators.items():
        yield name, None, rule.clause, rule.quote
        yield name, 1, rule.level_1["clause"], rule.level_1["quote"]
        yield from ((name, bound.level, bound.clause, bound.quote) for bound in rule.bounds)
    for name, item in pack.items.items():
        yield from ((name, level, None, item.wording[level]) for level in LEVELS)


@pytest.mark.parametrize("quote", list(quotes(PACK)), ids=lambda quote: f"{quote[0]}-{quote[1]}")
def test_every_quote_lies_in_a_clause_that_names_it_where_it_says(quote):
    name, level, where, text = quote
    named = [
        clause
        for clause in PACK.clauses
        if name in (clause.defines if level is None else (*clause.indicators, *clause.items))
        and clause.level == level
        and bare(text) in clause.quote
    ]
    assert len(named) == 1
    if where is not None:  # "附件·检验级;名词解释 1" names both places; the quote stands in one of them
        assert named[0].section in {f"附件·{part.removeprefix('附件·')}" for part in where.split(";")}


def test_what_people_judge_is_what_the_items_are():
    people = [clause for clause in PACK.clauses if clause.items]
    assert {name for clause in people for name in clause.items} == set(ITEMS)
    assert len(people) == 4 + 4 * 4 - 1  # level 1 has no sentence of its own on data


CARRIED_OUT_BY = {
    **dict.fromkeys(("performance", "system", "digital", "sustained"), Rulebook.dimensions),
    **dict.fromkeys(("experience", "inspection", "assurance", "prevention", "excellence"), grade_by),
    "sigma": indicators.sigma,
    "cpk": indicators.cpk,
    "ftq": indicators.ftq,
    "internal_loss": indicators.loss,
    "external_loss": indicators.loss,
}


def test_every_definition_is_carried_out_by_code_and_none_is_left_over():
    assert {name for clause in PACK.clauses for name in clause.defines} == set(CARRIED_OUT_BY)


ANNEX = "全过程一次交验合格率大于等于95%,"
FAULTS = {
    "a new sentence": (
        "source.txt",
        ANNEX,
        f"{ANNEX}顾客满意度大于等于90%,",
        "顾客满意度大于等于90%.*goes on",
    ),
    "a new last sentence": ("source.txt", "保修费等。 .", "保修费等。 . 解释权归本部。", "解释权归本部"),
    "a changed character": ("source.txt", "小于1.5%", "小于1.4%", "allowed: '4%"),
    "a clause twice": (
        "clauses.yaml",
        '  - {quote: "保证级。", heading: title}',
        '  - {quote: "保证级。", heading: title}\n  - {quote: "保证级。", heading: title}',
        "goes on",
    ),
    "a clause left out": (
        "clauses.yaml",
        '  - {quote: "外部质量损失率小于1.0%。", indicators: [external_loss], level: 4}\n',
        "",
        "小于1.0%",
    ),
    "no kind": (
        "clauses.yaml",
        '{quote: "检验级。", heading: title}',
        '{quote: "检验级。"}',
        "no kind.*allowed: one of",
    ),
    "two kinds": (
        "clauses.yaml",
        '"检验级。", heading: title',
        '"检验级。", heading: title, defines: [sigma]',
        "heading, defines",
    ),
    "an unknown key": (
        "clauses.yaml",
        '"检验级。", heading: title',
        '"检验级。", heading: title, weight: 1',
        "'weight'.*allowed",
    ),
    "an unknown indicator": (
        "clauses.yaml",
        "indicators: [ftq], level: 3",
        "indicators: [fty], level: 3",
        "fty.*ftq",
    ),
    "an unknown item": (
        "clauses.yaml",
        "items: [qms], level: 3",
        "items: [qsm], level: 3",
        "qsm.*allowed.*qms",
    ),
    "an unknown policy": (
        "clauses.yaml",
        "policies: [aggregation]",
        "policies: [mean]",
        "mean.*allowed.*aggregation",
    ),
    "no level": ("clauses.yaml", "items: [qms], level: 3", "items: [qms]", "level None.*1, 2, 3, 4, 5"),
    "a level of a heading": (
        "clauses.yaml",
        '"检验级。", heading: title',
        '"检验级。", heading: title, level: 2',
        "'level' beside heading",
    ),
    "a definition that nobody deals with": (
        "clauses.yaml",
        "    how: A higher Cpk is never worse.\n",
        "",
        "no key 'how'",
    ),
    "a bound that no clause names": (
        "clauses.yaml",
        '大于等于1.33,", indicators: [cpk]',
        '大于等于1.33,", indicators: [ftq]',
        "cpk.*1.33.*level 3",
    ),
    "a wording that no clause names": (
        "clauses.yaml",
        "items: [strategy, culture, innovation], level: 4",
        "items: [strategy, innovation], level: 4",
        "culture.*level 4",
    ),
    "an annex that is not there": ("edition.yaml", "等级划分说明", "等级说明", "annex.*a line of the source"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_edition_with_a_gap_is_refused(fault, tmp_path):
    name, old, new, message = FAULTS[fault]
    editions = copied(tmp_path)
    replace(editions / ID / name, old, new)
    with pytest.raises(PackError, match=f"(?s){message}"):
        load_pack(ID, editions)
