"""A pilot and suspected roles in words, in both languages."""

import pytest

from serving.web.language import CODES, language
from serving.web.views.pilot import pilot_view, said
from serving.web.views.suspects import suspect_lines

DESIGN = {
    "enterprise_id": "E1", "reason_code": None, "kind": "switchback", "parameter_id": "feed",
    "parameter_name": "进给量", "unit": "mm/r", "process_id": "20", "from_": 0.22, "to": 0.19,
    "target": "ftq", "lines": ["E1", "E7"],
    "periods": 12, "pairs": 6, "block": 1, "washout": 0, "lead_periods": 1, "believed": [-0.1, -0.3, 0.15],
    "plausible": 0.2, "detectable": 0.31, "power_wanted": 0.8, "reaches": False, "share_shown": 0.7,
    "power_curve": [{"change": -0.1, "power": 0.2}, {"change": -0.3, "power": 0.78}],
    "rehearsal": {"plays": 400, "size": 0.04, "power": 0.79},
    "worth": {"years": 3.0, "without": 0, "knowing": 5e5, "information": 5e5, "cost": 2e4, "risk": 3e4,
              "net": 4.5e5},
    "stop": [{"periods": 6, "change": 0.6}], "seed": 7,
    "schedule": [{"enterprise_id": "E1", "period": "2027-01", "arm": "B", "value": 0.19, "counted": True}],
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_design_says_what_to_do_what_it_hears_and_when_to_stop(code: str) -> None:
    text = " ".join(said(language(code), DESIGN, {}))
    for fact in ("进给量", "0.190", "0.220", "E7", "20", "31", "79", "60", "7"):
        assert fact in text
    assert language(code)("pilot.lead", lead=1) in text


def test_a_pilot_that_does_not_pay_says_so() -> None:
    lost = DESIGN | {"worth": DESIGN["worth"] | {"net": -1e4}}
    assert any(s.startswith("In money it does not pay") for s in said(language("en"), lost, {}))
    assert any("No losses" in s for s in said(language("en"), DESIGN | {"worth": None}, {}))


def test_without_a_pilot_the_page_names_the_command_and_links_an_abstention() -> None:
    view = pilot_view(language("en"), None, "E1", [{"rank": None}], {})
    assert view["command"] == "zhuoyue pilot --enterprise E1 --keep"
    assert view["silent"]
    assert not pilot_view(language("en"), DESIGN, "E1", [{"rank": 1}], {})["silent"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("why", ["no_open_lever", "no_outcome", "no_noise", "too_short"])
def test_every_silence_has_words(code: str, why: str) -> None:
    nothing = {"parameter_id": None, "reason_code": why}
    assert said(language(code), nothing, {}) == [pilot_view(language(code), nothing, "E1", [], {})["none"]]


@pytest.mark.parametrize("code", CODES)
def test_suspected_roles_are_said_once(code: str) -> None:
    suspect = {"parameter_id": "queue", "kind": "actionable", "follows": 0.61, "memory": 0.0, "rows": 900}
    rows = [{"evidence": {"suspected_outcomes": [suspect]}}, {"evidence": {}}, {}]
    (line,) = suspect_lines(language(code), rows, {"queue": {"name": "返修排队"}})
    assert "返修排队" in line
    assert "61" in line
