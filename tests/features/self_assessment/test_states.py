"""From draft to reviewed: what is allowed, what is refused and with which words, and what grades count."""

from datetime import UTC, date, datetime, timedelta

import pytest

from features.evidence import assessed_items
from features.records.schema import ITEMS
from features.self_assessment import Answer, AssessmentRefused, Finding, Link, UnknownAssessmentError
from features.store import Store

TODAY = date(2026, 3, 31)
EVIDENCE = (Link("handbook", "QM-1"),)


def test_from_draft_to_reviewed_into_the_records(office):
    name = office.filled(3)
    assert (office.register.get(name).state, office.records()) == ("draft", {})

    declared = office.declare(name)
    assert (declared.state, declared.recorded) == ("declared", ("self",))
    rows = office.records()
    assert {key[1] for key in rows} == set(ITEMS)
    qms = rows["self", "qms", TODAY, "E1"]
    assert (qms["level"], qms["assessor"]) == (3, "Li, quality director")
    assert qms["evidence"] == "handbook | https://example.org/qm"
    assert qms["note"] == f"{name}: as the handbook says"

    reviewed = office.review(name, {"data": Finding(2, "no data of suppliers")}, on=date(2026, 4, 2))
    assert (reviewed.state, reviewed.recorded) == ("reviewed", ("self", "third_party"))
    found = {item: row["level"] for (source, item, _, _), row in office.records().items() if source != "self"}
    assert found == {**dict.fromkeys(ITEMS, 3), "data": 2}
    data = office.records()["third_party", "data", date(2026, 4, 2), "E1"]
    assert (data["assessor"], data["note"]) == ("Zhang, Certifiers", f"{name}: no data of suppliers")
    assert office.register.verify().faults == ()


def test_the_grade_counts_what_was_declared_and_nothing_of_a_draft(office, tmp_path):
    output = tmp_path / "output_values.csv"
    output.write_text("enterprise_id,period,amount\nE1,2026-03,100\nE1,2026-04,100\n", encoding="utf-8")
    with Store.open(office.settings) as store:
        store.import_paths([output])
    name = office.filled(4)

    def counted(month):
        with Store.open(office.settings) as store:
            found = assessed_items(store, ["E1"], month)
        return {(one.counted, one.level) for one in found}

    assert counted("2026-04") == {(None, None)}
    office.declare(name, on=date(2026, 3, 31))
    assert counted("2026-03") == counted("2026-04") == {("self", 4)}
    office.review(name, dict.fromkeys(ITEMS, Finding(3, "found less")), on=date(2026, 4, 1))
    assert (counted("2026-03"), counted("2026-04")) == ({("self", 4)}, {("third_party", 3)})


def test_what_a_declaration_needs_is_told_all_at_once(embedded):
    name = embedded.begin()
    given = {item: Answer(1, "nothing is there yet") for item in ITEMS[:3]}
    given["qms"] = Answer(2, "inspection works")
    embedded.register.answer(name, given, "Li")
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with pytest.raises(AssessmentRefused) as refused:
        embedded.declare(name, on=tomorrow, role=" ")
    told = "\n".join(refused.value.faults)
    assert "role: found nothing" in told
    assert f"on: found {tomorrow}" in told
    assert f"not yet answered: {', '.join(ITEMS[3:])}" in told
    assert "without evidence: qms; allowed: at least one piece from level 2 on" in told
    assert embedded.register.get(name).state == "draft"
    assert embedded.records() == {}


def test_level_1_needs_no_evidence(embedded):
    name = embedded.begin()
    embedded.register.answer(name, {item: Answer(1, "not begun") for item in ITEMS}, "Li")
    assert embedded.declare(name).state == "declared"
    assert {row["evidence"] for row in embedded.records().values()} == {None}


@pytest.mark.parametrize(
    ("by", "organisation", "words"),
    [
        ("Li", "Certifiers", "who declared or answered it"),
        ("\uff2c\uff29 ", "Certifiers", "who declared or answered it"),  # full width, other case
        ("wang", "Certifiers", "who declared or answered it"),
        ("Zhang", "First Plant", "the enterprise itself"),
        ("Zhang", "e1", "the enterprise itself"),
        ("Zhang", "first  plant", "the enterprise itself"),
        ("", "Certifiers", "by: found nothing"),
    ],
)
def test_nobody_reviews_what_is_their_own(embedded, by, organisation, words):
    name = embedded.filled()
    embedded.register.answer(
        name, {"qms": Answer(2, "less", EVIDENCE)}, "Wang", embedded.register.get(name).version
    )
    embedded.declare(name)
    with pytest.raises(AssessmentRefused, match=words):
        embedded.review(name, by=by, organisation=organisation)
    assert embedded.register.get(name).state == "declared"


def test_a_review_says_why_it_differs_and_is_not_before_the_declaration(embedded):
    name = embedded.filled()
    embedded.declare(name)
    with pytest.raises(AssessmentRefused) as refused:
        embedded.review(
            name,
            {"qms": Finding(2), "data": Finding(7, "so"), "nothing": Finding(2, "so")},
            on=date(2026, 3, 30),
        )
    told = "\n".join(refused.value.faults)
    for words in ("qms: reason: found nothing", "data: level: found 7", "'nothing'", "2026-03-31 or later"):
        assert words in told


@pytest.mark.parametrize(
    ("state", "allowed"),
    [("declared", "review; a correction is a new assessment"), ("reviewed", "nothing; a correction"),
     ("withdrawn", "nothing; begin another"), ("superseded", "nothing; go on with SA-0002")],
)  # fmt: skip
def test_what_is_no_draft_is_never_edited(embedded, state, allowed):
    name = embedded.filled()
    if state == "withdrawn":
        embedded.register.withdraw(name, "Li")
    else:
        embedded.declare(name)
    if state == "reviewed":
        embedded.review(name)
    if state == "superseded":
        embedded.declare(embedded.filled(2))
    before, history = embedded.register.get(name), embedded.register.history(name)
    for act in (
        lambda: embedded.register.answer(name, {"qms": Answer(5, "more", EVIDENCE)}, "Li"),
        lambda: embedded.declare(name),
        lambda: embedded.register.withdraw(name, "Li"),
        *([] if state == "declared" else [lambda: embedded.review(name)]),
    ):
        with pytest.raises(AssessmentRefused, match=allowed):
            act()
    assert (embedded.register.get(name), embedded.register.history(name)) == (before, history)


def test_a_correction_supersedes_and_its_rows_replace_those_of_the_same_day(office):
    first = office.filled(3)
    office.declare(first)
    second = office.filled(2)
    assert office.register.get(second).kind == "correction"
    assert office.register.get(first).state == "declared"  # until the correction is declared
    office.declare(second)
    old = office.register.get(first)
    assert (old.state, old.superseded_by, old.levels["qms"]) == ("superseded", second, 3)
    assert {row["level"] for row in office.records().values()} == {2}
    assert len(office.records()) == len(ITEMS)
    assert office.register.verify().faults == ()


def test_another_round_supersedes_nothing_but_needs_another_day(embedded):
    embedded.declare(embedded.filled(3, as_of="2026-01"))
    second = embedded.filled(4, as_of="2026-02")
    with pytest.raises(AssessmentRefused, match=r"other assessments of 2026-03-31 \(self\).*another day"):
        embedded.declare(second)
    assert embedded.register.get(second).state == "draft"
    embedded.declare(second, on=date(2026, 4, 1))
    assert [one.state for one in embedded.register.all()] == ["declared", "declared"]
    assert len(embedded.records()) == 2 * len(ITEMS)


def test_records_that_somebody_imported_are_not_overwritten(embedded, tmp_path):
    table = tmp_path / "assessments.csv"
    table.write_text(
        "enterprise_id,item_id,level,assessed_on,source\nE1,data,5,2026-03-31,self\n", encoding="utf-8"
    )
    with Store.open(embedded.settings) as store:
        store.import_paths([table])
    name = embedded.filled(3)
    with pytest.raises(AssessmentRefused, match=r"other assessments of 2026-03-31.*data"):
        embedded.declare(name)
    assert embedded.register.get(name).state == "draft"
    assert [row["level"] for row in embedded.records().values()] == [5]


def test_one_draft_at_a_time(embedded):
    first = embedded.begin()
    with pytest.raises(AssessmentRefused, match=f"has the draft {first}"):
        embedded.begin(as_of="2026-01")
    embedded.begin(enterprise="E2")
    embedded.register.withdraw(first, "Li")
    assert embedded.begin(as_of="2026-01") == "SA-0003"


def test_what_does_not_exist_is_named(embedded):
    with pytest.raises(AssessmentRefused, match=r"'E9'.*table enterprises"):
        embedded.begin(enterprise="E9")
    with pytest.raises(AssessmentRefused, match=r"as-of: found '2026-13'"):
        embedded.begin(as_of="2026-13")
    with pytest.raises(UnknownAssessmentError, match="no assessment 'SA-0007'"):
        embedded.register.get("SA-0007")
    with pytest.raises(AssessmentRefused, match="by: found nothing"):
        embedded.register.withdraw(embedded.begin(), "")


def test_the_latest_that_speaks_for_the_enterprise(embedded):
    assert embedded.register.latest("E1") is None
    first, second = embedded.filled(3, as_of="2026-01"), None
    assert embedded.register.latest("E1") is None
    embedded.declare(first, on=date(2026, 2, 1))
    second = embedded.filled(4)
    embedded.declare(second)
    assert embedded.register.latest("E1").id == second
    assert embedded.register.latest("E1", date(2026, 3, 30)).id == first
    assert embedded.register.latest("E1", date(2026, 1, 31)) is None
    assert embedded.register.latest("E2") is None
