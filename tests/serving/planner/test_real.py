"""The portfolio of a real publication says what attainment and the official grades say."""

import pytest

from features.evidence import evidence_with_notes
from features.store import Store
from models.outlook import Outlook
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from qm_rules import grade, parse_evidence


@pytest.fixture(scope="module")
def made(full_home):
    outlook = Outlook.load(full_home)
    return outlook, Portfolio.load(outlook.folder)


def test_chances_are_those_of_attainment(made):
    outlook, portfolio = made
    for row in outlook.attainment():
        if (
            row["basis"] == "window"
            and row["horizon"] in (3, 6, 12)
            and portfolio.forecast[portfolio.place[row["enterprise_id"]]]
        ):
            at = portfolio.place[row["enterprise_id"]]
            for level, chance in row["reached_by"].items():
                assert portfolio.reach("grade", int(level), row["horizon"])[at] == pytest.approx(
                    chance, abs=1e-6
                )


def test_levels_are_the_official_ones(made, full_home):
    _, portfolio = made
    with Store.open(full_home) as store:
        for document, notes in evidence_with_notes(store):
            found = grade(parse_evidence(document), notes=notes)
            at = portfolio.place[document["enterprise_id"]]
            assert portfolio.level("grade")[at] == (found.level or 0)
            assert portfolio.level("performance")[at] == (found.dimensions["performance"] or 0)


def test_first_months_are_those_of_the_official_history(made, full_home):
    _, portfolio = made
    name = str(portfolio.enterprise_ids[portfolio.forecast][0])
    months = portfolio.history[portfolio.history["enterprise_id"] == name]
    month = int(months["month"].iloc[len(months) // 2])
    with Store.open(full_home) as store:
        label = f"{month // 12:04d}-{month % 12 + 1:02d}"
        ((document, notes),) = evidence_with_notes(store, [name], label)
    found = grade(parse_evidence(document), notes=notes).to_dict()
    kept = months[months["month"] == month].iloc[0]
    assert (kept["grade"], kept["performance"]) == (
        found["level"] or 0,
        found["dimensions"]["performance"] or 0,
    )
    at = portfolio.place[name]
    for basis in BASES:
        levels = [*months[basis], portfolio.level(basis)[at]]
        for level in (2, 3, 4, 5):
            reached = [
                m
                for m, own in zip([*months["month"], portfolio.columns["end"][at]], levels, strict=True)
                if own >= level
            ]
            assert portfolio.first(basis, level)[at] == (min(reached) if reached else 0)


def test_the_board_of_a_real_province(site):
    board = site.get("/api/v1/board").json()
    assert board["enterprises"] == 8
    page = site.get("/board", params={"lang": "en"})
    assert page.status_code == 200
    for target in site.get("/api/v1/targets").json()["items"]:
        assert target["low"] <= target["expected"] <= target["high"] or target["probability"] is None
