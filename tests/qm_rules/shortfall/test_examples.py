"""What shortfalls say in cases worked out by hand: units, points of yield, money, words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qm_rules import grade, load_pack, parse_evidence
from qm_rules.evidence.values import EXTERNAL, INTERNAL
from qm_rules.shortfall import shortfalls
from tests.qm_rules.evidences import capable, delivered, excellent, first_passed, lost
from tests.qm_rules.shortfall.asked import is_hole, of


@pytest.mark.parametrize(
    ("method", "nonconforming", "to_level", "fewer", "left"),
    [
        ("printed", 231, 4, 1, 230),
        ("formula", 233, 4, 1, 232),
        ("printed", 230, 5, 227, 3),
        ("formula", 230, 5, 227, 3),
        ("printed", 6_210, 3, 10, 6_200),
        ("formula", 6_210, 3, 1, 6_209),
    ],
)
def test_units_at_a_million_deliveries_are_the_document_s_own_table(
    method, nonconforming, to_level, fewer, left
):
    document = excellent(deliveries=delivered(nonconforming, 10**6))
    found = next(one for one in of(document, sigma_method=method) if one.to_level == to_level)
    assert (found.kind, found.amount, found.unit) == ("units", str(fewer), "nonconforming units")
    assert f"不超过 {left:,} 件".replace(",", " ") in found.sentence.zh
    assert f"to at most {left:,}".replace(",", " ") in found.sentence.en


def test_few_deliveries_say_how_many_it_takes():
    """881 097 units without a defect show 3.4 ppm at 95 %, as the specification tells."""
    (found,) = of(excellent(deliveries=delivered(1, 250_000)))[-1:]
    assert found.to_level == 5
    assert found.amount == "1"
    assert "881 097" in found.sentence.zh
    assert "881 097" in found.sentence.en


def test_products_are_named_by_their_nonconforming_units():
    rows = [
        {"product_id": name, "units": 10**6, "nonconforming": count}
        for name, count in (("small", 40), ("big", 900), ("none", 0))
    ]
    found = of(excellent(deliveries=rows))[0]
    assert (found.to_level, found.amount) == (4, "250")
    assert [(part.id, part.has, part.needs, part.change) for part in found.parts] == [
        ("big", "900", "650", "250"),
        ("small", "40", "0", "40"),
    ]


def test_every_characteristic_in_the_way_is_named_not_only_the_lowest():
    rows = [
        capable("1.40", name="low"),
        capable("1.60", name="middle"),
        capable("1.67", name="enough"),
        capable("0.50", key=False, name="not graded"),
    ]
    found = of(excellent(capability=rows))[0]
    assert (found.to_level, found.kind, found.amount) == (4, "characteristics", "2")
    assert [(part.id, part.has, part.needs, part.change) for part in found.parts] == [
        ("low", "1.40", "1.67", "0.27"),
        ("middle", "1.60", "1.67", "0.07"),
    ]
    assert "83.8 %" in found.parts[0].sentence.zh  # 1.40 / 1.67 = 0.83832…, rounded down
    assert "shrink to 83.8 %" in found.parts[0].sentence.en


def test_what_makes_a_cpk_inadmissible_is_named_where_it_is():
    rows = [
        capable("1.70", stable=False, name="wild"),
        capable("1.70", n=20, name="few"),
        capable("-0.2", name="off"),
        capable("1.70", name="good"),
    ]
    found = next(one for one in of(excellent(capability=rows)) if one.to_level == 3)
    assert found.kind == "stabilise"
    said = {part.id: part.sentence.en for part in found.parts}
    assert set(said) == {"wild", "few", "off"}
    assert "special causes" in said["wild"]
    assert "20 values, 5 more" in said["few"]
    assert "centre it first" in said["off"]


@pytest.mark.parametrize("rows", [[], [capable(None)]])
def test_a_cpk_that_is_not_tracked_is_to_be_tracked(rows):
    found = of(excellent(capability=rows))[0]
    assert found.kind == "track"
    assert "过程能力指数大于等于1" in found.sentence.zh
    assert [part.id for part in found.parts] == [row["characteristic_id"] for row in rows]


def test_points_of_yield_at_the_process_and_alone():
    rows = [
        {"product_id": "P", "process_id": str(seq), "seq": seq, "submitted": 1000, "passed_first": passed}
        for seq, passed in ((1, 990), (2, 950))
    ]
    found = next(one for one in of(excellent(first_pass=rows)) if one.to_level == 4)  # 0.9405 must be 0.97
    assert (found.kind, found.unit, found.amount, found.least) == ("processes", "units", "30", "30")
    assert [(part.id, part.within, part.has, part.needs, part.change) for part in found.parts] == [
        ("2", "P", "0.95", "0.98", "30")
    ]
    assert [(part.id, part.change) for part in found.alone] == [("2", "30")]  # 0.99 × 0.98 = 0.9702
    assert "95 % → 98 %(+3 个百分点,30 件)" in found.sentence.zh


def test_unit_costs_move_the_split():
    rows = [
        {"product_id": "P", "process_id": str(seq), "seq": seq, "submitted": 1000, "passed_first": passed}
        for seq, passed in ((1, 960), (2, 950))
    ]
    result = grade(parse_evidence(excellent(first_pass=rows)))
    dear = {("P", "2"): Decimal("100.00"), ("elsewhere", "2"): Decimal(7)}
    found = shortfalls(result, unit_costs=dear, to_level=3)[
        0
    ]  # 0.912 must be 0.95: 0.95 alone at the first is 1
    assert (found.unit, found.amount) == ("cost", "40")
    assert [(part.id, part.change) for part in found.parts] == [("1", "40")]
    plain = shortfalls(result, to_level=3)[0]
    assert (plain.unit, plain.amount) == ("units", "40")
    assert {part.id: part.change for part in plain.parts} == {"1": "15", "2": "25"}  # 0.975 × 0.975


@pytest.mark.parametrize(
    ("amount", "to_level", "less"),
    [
        ("30000.00", 3, "0.01"),  # 3.0 % of a million: the bound itself is not under it
        ("30000.01", 3, "0.02"),
        ("29999.99", 4, "15000.00"),  # from 29 999.99 to 14 999.99
        ("7500", 5, "0.01"),
        ("7500.005", 5, "0.01"),
        ("14999.994", 5, "7500.00"),
    ],
)
def test_money_to_the_cent(amount, to_level, less):
    found = of(excellent(losses=lost(internal=amount)))[0]
    assert (found.to_level, found.kind, found.amount, found.unit) == (to_level, "money", less, "CNY")


def test_money_says_the_bound_the_biggest_category_and_the_period():
    amounts = {"scrap": "20000.50", "rework": "30000", "downtime": "0"}
    losses = {"internal": {"tracked": True, "amounts": amounts}, "external": lost()["external"]}
    found = of(excellent(losses=losses))[0]
    assert [part.id for part in found.parts] == ["rework", "scrap"]
    assert "全年损失须减少 20 000.51 元:由 50 000.50 元降到 30 000.00 元以下" in found.sentence.zh
    assert "The biggest is rework (30 000.00 CNY)" in found.sentence.en
    short = of(
        excellent(losses=losses, missing_months={"internal": ["2025-03"], "output_value": ["2025-04"]})
    )[0]
    assert "本窗口(10 个月有数据)内" in short.sentence.zh
    assert "in this window (10 months with data)" in short.sentence.en


def test_losses_that_are_not_tracked_are_to_be_tracked():
    found = of(excellent(losses={**lost(), "external": {"tracked": False}}))
    assert [one.kind for one in found] == ["track"] * 4
    assert "对内外部质量损失率未做统计" in found[0].sentence.zh
    assert "any rate reaches Inspection" in found[0].sentence.en
    assert "below 10 000.00 CNY a year" in found[2].sentence.en  # 1.0 % of a million


def test_the_hole_of_the_literal_reading_is_explained():
    document = excellent(management={**excellent()["management"], "qms": 1})
    hole = [one for one in of(document, level2_loss="literal") if is_hole(one)]
    assert [(one.to_level, one.indicator) for one in hole] == [(2, "internal_loss"), (2, "external_loss")]
    assert "literal" in hole[0].sentence.zh
    assert "nothing to improve" in hole[0].sentence.en


def test_an_item_quotes_what_it_is_and_every_level_on_the_way():
    document = excellent(management={**excellent()["management"], "data": 2})
    found = next(one for one in of(document) if one.to_level == 4)
    assert (found.kind, found.amount) == ("item", "2")
    wording = load_pack().items["data"].wording
    assert wording[2] in found.sentence.zh
    assert wording[4] in found.sentence.zh
    assert [part.id for part in found.parts] == ["3", "4"]
    assert wording[3] in found.parts[0].sentence.zh


def test_the_best_lacks_nothing():
    assert of(excellent()) == ()


def test_nothing_supplied_is_not_known_to_lack_anything():
    assert of({"enterprise_id": "E", "window": {"start": "2025-01", "end": "2025-12"}}) == ()


def test_all_categories_of_cost_have_words():
    for family, categories, name in (
        ("internal", INTERNAL, "internal_loss"),
        ("external", EXTERNAL, "external_loss"),
    ):
        amounts = dict.fromkeys(categories, "100000")
        found = next(
            one for one in of(excellent(losses={**lost(), family: {"tracked": True, "amounts": amounts}}))
        )
        assert found.indicator == name
        assert {part.id for part in found.parts} == set(categories)


def test_first_passes_of_one_process():
    found = of(excellent(first_pass=first_passed(899_999, 10**6)))
    assert [(one.to_level, one.amount) for one in found] == [
        (2, "1"), (3, "50001"), (4, "70001"), (5, "80001"),
    ]  # fmt: skip


def test_a_yield_that_is_needed_is_shown_rounded_up_so_that_reaching_it_is_enough():
    found = next(one for one in of(excellent(first_pass=first_passed(28_000, 30_001))) if one.to_level == 3)
    assert (found.amount, 28_501 / 30_001) == ("501", pytest.approx(0.9500017, abs=1e-7))
    assert "93.33 % → 95.01 %" in found.sentence.zh
