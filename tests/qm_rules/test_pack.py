"""The edition as data: word for word, hashed, dated, and refused where it holds something unknown."""

import hashlib
import shutil
from decimal import Decimal, getcontext, localcontext
from pathlib import Path

import pytest

from qm_rules import PackError, Policy, grade, load_pack, parse_evidence
from qm_rules.evidence.values import EXTERNAL, INTERNAL, ITEMS
from qm_rules.pack.loading import EDITIONS
from qm_rules.pack.reading import pack_sha256
from qm_rules.pack.yaml_files import read_yaml

EDITION = EDITIONS / "miit-2023-249"
SHARED = Path(__file__).parents[3] / "shared" / "sources"
PACK = load_pack()
EXAMPLES = {file.stem: read_yaml(file) for file in sorted((EDITION / "examples").glob("*.yaml"))}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name):
    case = EXAMPLES[name]
    assert set(case) <= {"title", "why", "policy", "evidence", "expect"}
    answer = grade(parse_evidence(case["evidence"]), policy=Policy(**case.get("policy", {}))).to_dict()
    indicators = case["expect"].pop("indicators", {})
    assert {name: answer["indicators"][name] for name in indicators} == indicators
    assert {key: answer[key] for key in case["expect"]} == case["expect"]


def test_thresholds_as_printed():
    printed = {
        "sigma": [("<=", "66800"), ("<=", "6200"), ("<=", "230"), ("<=", "3.4")],
        "cpk": [(">=", "1"), (">=", "1.33"), (">=", "1.67"), (">=", "2.00")],
        "ftq": [(">=", "0.90"), (">=", "0.95"), (">=", "0.97"), (">=", "0.98")],
        "internal_loss": [(">=", "0.030"), ("<", "0.030"), ("<", "0.015"), ("<", "0.0075")],
        "external_loss": [(">=", "0.023"), ("<", "0.023"), ("<", "0.010"), ("<", "0.005")],
    }
    found = {name: [(op, str(bound)) for _, op, bound in steps] for name, steps in PACK.thresholds.items()}
    assert found == printed
    assert [level for level, _, _ in PACK.thresholds["cpk"]] == [2, 3, 4, 5]


def quotes():
    for rule in PACK.indicators.values():
        yield from (rule.quote, rule.level_1["quote"], *(bound.quote for bound in rule.bounds))
    for item in PACK.items.values():
        yield from item.wording.values()
    yield from (target.quote for target in PACK.targets)
    yield from (rule.name for rule in PACK.indicators.values() if rule.name != "产品质量水平")
    yield from (PACK.document, PACK.title, PACK.annex, *PACK.issuers, *(level.name for level in PACK.levels))


@pytest.mark.parametrize("quote", sorted(set(quotes())))
def test_every_quote_stands_in_the_source(quote):
    assert quote in PACK.source


@pytest.mark.skipif(not SHARED.exists(), reason="the sources are not beside this checkout")
def test_the_source_text_is_the_original():
    assert (EDITION / "source.txt").read_bytes() == (SHARED / "miit-2023-249.txt").read_bytes()
    misprint = PACK.misprints[0]
    newspaper = (SHARED / "science-daily-2023-12-21.txt").read_text(encoding="utf-8")
    assert misprint["quote"] in newspaper
    assert misprint["quote"] not in PACK.source


def test_targets_and_the_newspaper_s_misprint():
    counts = {target.by: target.counts for target in PACK.targets}
    assert counts[2025] == {"standard": 50_000, "inspection": 5_000, "assurance": 500, "prevention": 50}
    assert counts[2027] == {
        "standard": 100_000, "inspection": 10_000, "assurance": 1_000, "prevention": 100, "excellence": 10,
    }  # fmt: skip
    (misprint,) = PACK.misprints
    assert (misprint["count"], misprint["stands"]) == (10_000, counts[misprint["by"]][misprint["level"]])


def test_the_pack_names_what_the_law_of_the_evidence_knows():
    assert tuple(PACK.items) == ITEMS
    assert tuple(PACK.dimensions) == ("performance", "system", "digital", "sustained")
    assert PACK.dimensions["digital"].members == (
        "rd_design", "production", "quality_assurance", "supply_chain", "data",
    )  # fmt: skip
    assert len(INTERNAL) == 6
    assert len(EXTERNAL) == 7


def normal_tail(z: Decimal) -> Decimal:
    """The upper tail of the normal distribution by its Taylor series, in the current precision."""
    term = total = z
    k = 1
    while abs(term) > Decimal(10) ** -45:
        term = term * z * z / (2 * k + 1)
        k, total = k + 1, total + term
    pi = Decimal("3.14159265358979323846264338327950288419716939937511")
    return Decimal("0.5") - total * (-z * z / 2).exp() / (2 * pi).sqrt()


def test_the_formula_s_constants_to_thirty_digits():
    with localcontext() as context:
        context.prec = 50
        tails = [normal_tail(Decimal(sigma) - Decimal("1.5")) * 10**6 for sigma in (3, 4, 5, 6)]
    with localcontext() as context:
        context.prec = 30
        rounded = [+tail for tail in tails]
    assert [bound for _, _, bound in PACK.thresholds_for("formula")["sigma"]] == rounded
    assert getcontext().prec == 28


def test_the_pack_hash_is_over_the_sorted_lines():
    lines = sorted(
        f"{file.relative_to(EDITION).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        for file in EDITION.rglob("*")
        if file.is_file()
    )
    assert PACK.sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()


@pytest.fixture
def editions(tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(EDITION, folder / "miit-2023-249")
    return folder


def test_an_edition_that_is_not_there():
    with pytest.raises(PackError, match="allowed: miit-2023-249"):
        load_pack("miit-2024")


def test_the_hash_changes_with_every_byte_and_every_name(editions):
    folder = editions / "miit-2023-249"
    before = pack_sha256(folder)
    (folder / "examples" / "specification.yaml").rename(folder / "examples" / "renamed.yaml")
    renamed = pack_sha256(folder)
    (folder / "source.txt").write_bytes((folder / "source.txt").read_bytes() + b"\n")
    assert len({before, renamed, pack_sha256(folder)}) == 3


BROKEN = {
    "an unknown key": (
        "thresholds.yaml",
        "clause: 附件·名词解释 2",
        "clause: x\n    weight: 2",
        "cpk.*'weight'.*allowed",
    ),
    "an unknown operator": ("thresholds.yaml", 'operator: ">="', 'operator: ">"', "'>'.*allowed: >=, <=, <"),
    "a binary float": ("thresholds.yaml", 'value: "1.33"', "value: 1.33", "1.33.*in quotes"),
    "an unknown unit": ("thresholds.yaml", "unit: ppm", "unit: dpmo", "'dpmo'.*ppm"),
    "a key twice": (
        "thresholds.yaml",
        "    name: 过程能力指数",
        "    name: 过程能力指数\n    name: x",
        "'name' twice",
    ),
    "a missing key": ("policy.yaml", '  decided: "2026-11-21"\n', "", "no key 'decided'.*needed"),
    "a default not allowed": ("policy.yaml", "default: lowest", "default: mean", "'mean'.*lower_median"),
    "an unknown wording": ("items.yaml", "wording: system", "wording: systems", "'systems'.*allowed"),
    "an item in no dimension": ("items.yaml", "items: [qms]", "items: []", "exactly once"),
    "a folder of another name": ("edition.yaml", "id: miit-2023-249", "id: other", "'other'.*miit-2023-249"),
    "not YAML": ("targets.yaml", "targets:", "targets: [", "allowed: YAML"),
    "an unknown target key": (
        "targets.yaml",
        "  - by: 2025",
        "  - by: 2025\n    until: 1",
        "'until'.*allowed",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_pack_is_refused(fault, editions):
    name, old, new, message = BROKEN[fault]
    file = editions / "miit-2023-249" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=f"(?s){message}"):
        load_pack("miit-2023-249", editions)
