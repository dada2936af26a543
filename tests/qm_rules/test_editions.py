"""Editions: frozen once issued, found by id and by date, added as a folder, refused where unsound."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from qm_rules import PackError, Policy, edition_in_force, grade, load_pack, parse_evidence
from qm_rules.pack.loading import edition_ids
from tests.qm_rules.editions import ID, copied, replace
from tests.qm_rules.evidences import capable, excellent

FROZEN = json.loads((Path(__file__).parent / "golden" / "editions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("edition", edition_ids())
def test_an_issued_edition_is_never_edited(edition):
    assert load_pack(edition).sha256 == FROZEN.get(edition), (
        "an issued edition is never edited, add a folder: past grades name the edition by this hash. "
        "Only the hash of a new folder is added to golden/editions.json."
    )


def test_no_issued_edition_is_taken_away():
    assert set(FROZEN) <= set(edition_ids())


@pytest.fixture
def editions(tmp_path):
    """The issued edition and a next one, in force from 2027, which asks a Cpk of 1.50 for 保证级."""
    folder = copied(tmp_path)
    new = folder / "miit-2027-1"
    shutil.copytree(folder / ID, new)
    replace(new / "edition.yaml", f"id: {ID}", "id: miit-2027-1")
    replace(new / "edition.yaml", 'in_force_from: "2023-12-12"', 'in_force_from: "2027-01-01"')
    for name in ("source.txt", "thresholds.yaml", "clauses.yaml", "english.yaml"):
        replace(new / name, "过程能力指数大于等于1.33", "过程能力指数大于等于1.50")
    replace(new / "thresholds.yaml", 'value: "1.33"', 'value: "1.50"')
    replace(new / "english.yaml", "index is at least 1.33", "index is at least 1.50")
    return folder


def test_adding_an_edition_is_adding_a_folder(editions):
    evidence = parse_evidence(excellent(capability=[capable("1.4")]))
    levels = {name: grade(evidence, pack=load_pack(name, editions)).level for name in edition_ids(editions)}
    assert levels == {ID: 3, "miit-2027-1": 2}
    newest = load_pack(folder=editions)
    assert newest.id == "miit-2027-1"
    assert newest.clause_of("cpk", 3).quote == "过程能力指数大于等于1.50,"
    assert newest.said("过程能力指数大于等于1.50").en == "the process capability index is at least 1.50"
    assert newest.sha256 != load_pack(ID, editions).sha256 == load_pack(ID).sha256


@pytest.mark.parametrize(
    ("day", "edition"),
    [("2023-12-12", ID), ("2026-12-31", ID), ("2027-01-01", "miit-2027-1"), ("9999-12-31", "miit-2027-1")],
)
def test_the_edition_in_force_on_a_day(day, edition, editions):
    assert edition_in_force(date.fromisoformat(day), editions) == edition


def test_before_the_first_edition_there_is_none(editions):
    with pytest.raises(PackError, match=r"2023-12-11.*allowed: 2023-12-12 or later"):
        edition_in_force(date(2023, 12, 11), editions)


def test_a_reading_of_one_edition_need_not_be_one_of_another(editions):
    replace(editions / "miit-2027-1" / "policy.yaml", "    lower_median:\n", "    lower_middle:\n")
    with pytest.raises(PackError, match=r"'lower_middle'.*allowed: lower_median, lowest, performance_only"):
        load_pack("miit-2027-1", editions)


KEYS = {
    "edition.yaml": ["id", "document", "title", "annex", "issuers", "issued", "in_force_from", "source"],
    "thresholds.yaml": ["levels", "indicators"],
    "items.yaml": ["dimensions", "items", "wordings"],
    "policy.yaml": list(load_pack(ID).policies),
    "targets.yaml": ["targets", "misprints"],
    "english.yaml": ["governs", "names", "clauses", "quotes", "wordings", "annex"],
}
NESTED = {
    "thresholds.yaml": [
        ("levels", 0),
        ("indicators", "ftq"),
        ("indicators", "ftq", "level_1"),
        ("indicators", "ftq", "bounds", 1),
    ],
    "items.yaml": [("dimensions", "system"), ("items", "qms")],
    "policy.yaml": [("aggregation",), ("min_values",), ("aggregation", "name"), ("min_values", "meaning")],
    "targets.yaml": [("targets", 0), ("misprints", 0)],
    "clauses.yaml": [("附件", 0)],
    "english.yaml": [("governs",)],
}


def edited(file, way, change):
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    at = content
    for key in way:
        at = at[key]
    change(at)
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "way"), [(name, ()) for name in KEYS] + [(name, way) for name in NESTED for way in NESTED[name]]
)
def test_unknown_keys_are_refused_in_every_file(name, way, tmp_path):
    editions = copied(tmp_path)
    edited(editions / ID / name, way, lambda at: at.update(surplus="x"))
    with pytest.raises(PackError) as refused:
        load_pack(ID, editions)
    assert name in str(refused.value)
    assert "'surplus'" in str(refused.value)
    assert "allowed" in str(refused.value)


REQUIRED = [(name, (), key) for name in KEYS for key in KEYS[name]] + [
    ("thresholds.yaml", ("levels", 0), "name"),
    ("thresholds.yaml", ("indicators",), "cpk"),
    *[
        ("thresholds.yaml", ("indicators", "ftq"), key)
        for key in ("name", "unit", "clause", "quote", "bounds")
    ],
    *[("thresholds.yaml", ("indicators", "ftq", "bounds", 1), key) for key in ("level", "operator", "value")],
    ("items.yaml", ("items",), "qms"),
    ("items.yaml", ("items", "qms"), "wording"),
    ("items.yaml", ("dimensions",), "performance"),
    ("items.yaml", ("wordings", "system"), 3),
    *[("policy.yaml", ("aggregation",), key) for key in ("name", "default", "decided", "why", "choices")],
    ("policy.yaml", ("min_values",), "range"),
    ("policy.yaml", ("min_values", "meaning"), "zh"),
    ("targets.yaml", ("targets", 0), "quote"),
    ("clauses.yaml", ("附件", 0), "quote"),
    ("english.yaml", ("governs",), "en"),
]


@pytest.mark.parametrize(("name", "way", "key"), REQUIRED)
def test_missing_keys_are_refused_in_every_file(name, way, key, tmp_path):
    editions = copied(tmp_path)
    edited(editions / ID / name, way, lambda at: at.pop(key))
    with pytest.raises(PackError) as refused:
        load_pack(ID, editions)
    assert name in str(refused.value)
    assert str(key) in str(refused.value)
    assert "needed" in str(refused.value) or "allowed" in str(refused.value)


WRONG = {
    "levels out of order": (
        "thresholds.yaml",
        ("indicators", "cpk", "bounds"),
        lambda at: at.reverse(),
        "bounds of .5, 4",
    ),
    "a bound that is no stricter": (
        "thresholds.yaml",
        ("indicators", "cpk", "bounds", 1),
        lambda at: at.update(value="1.70"),
        "stricter",
    ),
    "the wrong side": (
        "thresholds.yaml",
        ("indicators", "cpk", "bounds", 1),
        lambda at: at.update(operator="<"),
        "the side of '>='",
    ),
    "level 2 of a loss that is not what level 3 leaves": (
        "thresholds.yaml",
        ("indicators", "internal_loss", "bounds", 0),
        lambda at: at.update(value="2.5"),
        "either side",
    ),
    "a day that is none": (
        "edition.yaml",
        (),
        lambda at: at.update(issued="2023-13-12"),
        "issued.*2023-12-12",
    ),
    "a source that is not there": (
        "edition.yaml",
        (),
        lambda at: at.update(source="text.txt"),
        "source.*text.txt",
    ),
    "a default as a number": ("policy.yaml", ("min_values",), lambda at: at.update(default=25), "in quotes"),
    "a range of one": ("policy.yaml", ("min_values",), lambda at: at.update(range=[2]), "lowest, highest"),
    "a meaning in no language": (
        "policy.yaml",
        ("aggregation", "choices"),
        lambda at: at.update(lowest="the lowest"),
        "lowest.*en, zh",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_the_code_could_not_carry_out_is_refused(fault, tmp_path):
    name, way, change, message = WRONG[fault]
    editions = copied(tmp_path)
    edited(editions / ID / name, way, change)
    with pytest.raises(PackError, match=f"(?s){name}.*{message}"):
        load_pack(ID, editions)


def test_every_reading_of_every_edition_grades():
    evidence = parse_evidence(excellent())
    for name in edition_ids():
        pack = load_pack(name)
        for policy in Policy().readings(pack.policies):
            assert grade(evidence, pack=pack, policy=policy).level == 5
