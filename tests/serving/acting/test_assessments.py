"""Self-assessments in the browser and by API: from the first answer to the third party's findings."""

from __future__ import annotations

import pytest

from features.records.schema import ITEMS
from features.self_assessment import Register
from features.store import Store

LINK = "Manual | ISO9001:2015"
SA = "/assessments/SA-0001"


def answer(item: str, level: int = 3, why: str = "有制度", evidence: str = LINK) -> dict[str, str]:
    return {f"level.{item}": str(level), f"why.{item}": why, f"evidence.{item}": evidence}


def version(office) -> int:
    return int(office["li"].get(f"/api/v1{SA}").json()["version"])


@pytest.fixture(scope="module")
def begun(office) -> str:
    sent = office.form("li", "/assessments", enterprise="E/1", as_of="2026-01")
    assert (sent.status_code, sent.headers["location"]) == (303, SA)
    return SA


def test_one_draft_at_a_time_and_only_of_ones_own(office, begun) -> None:
    again = office.form("li", "/assessments", enterprise="E/1", as_of="2026-01")
    assert again.status_code == 422
    assert "A draft of this enterprise is open already: SA-0001" in again.text
    other = office.api("li", "POST", "/assessments", json={"enterprise_id": "E2", "as_of": "2026-01"})
    assert other.status_code == 404
    for name in ("sun", "zhao"):
        wish = {"enterprise_id": "E/1", "as_of": "2026-01"}
        assert office.api(name, "POST", "/assessments", json=wish).status_code == 403


def test_answers_are_saved_and_what_is_refused_is_not_lost(office, begun) -> None:
    seen = version(office)
    saved = office.form(
        "li", f"{SA}/answers", version=seen, at="qms", **answer("qms", why="第一行\r\n第二行")
    )
    assert (saved.status_code, saved.headers["location"]) == (303, f"{SA}?saved=yes#qms")
    first = office["li"].get(f"/api/v1{SA}").json()["items"][0]
    assert (first["level"], first["why"]) == (3, "第一行\n第二行")
    bad = office.form(
        "li",
        f"{SA}/answers",
        version=version(office),
        **answer("data", why="typed with care", evidence="no bar"),
    )
    assert bad.status_code == 422
    assert "has no bar" in bad.text
    assert "typed with care" in bad.text


def test_two_who_answer_different_items_lose_nothing(office, begun) -> None:
    seen = version(office)
    mine = office.form(
        "li", f"{SA}/answers", version=seen, **answer("qms", why="第一行\n第二行"), **answer("data", 2)
    )
    theirs = office.form("wang", f"{SA}/answers", version=seen, **answer("culture", 4))
    assert (mine.status_code, theirs.status_code) == (303, 303)
    levels = {row["item"]: row["level"] for row in office["li"].get(f"/api/v1{SA}").json()["items"]}
    assert (levels["qms"], levels["data"], levels["culture"]) == (3, 2, 4)


def test_two_who_answer_the_same_item_are_told(office, begun) -> None:
    seen = version(office)
    assert office.form("wang", f"{SA}/answers", version=seen, **answer("data", 4)).status_code == 303
    late = office.form("li", f"{SA}/answers", version=seen, **answer("data", 1, why="mine"))
    assert late.status_code == 409
    assert "somebody changed items that you changed too" in late.text
    assert ">mine</textarea>" in late.text
    body = {"level": 1, "why": "x", "evidence": []}
    assert office.api("li", "PUT", f"{SA}/answers/data", json=body).status_code == 409
    named = office.api("li", "PUT", f"{SA}/answers/data", json=body | {"version": seen})
    assert named.status_code == 409
    tagged = office.api("li", "PUT", f"{SA}/answers/data", json=body, headers={"if-match": f'"{seen}"'})
    assert tagged.status_code == 412


@pytest.fixture(scope="module")
def declared(office, begun) -> dict:
    """Every item answered by API, then declared from the page."""
    early = office.form("li", f"{SA}/declare", version=version(office), role="质量总监")
    assert early.status_code == 422
    assert "Not answered yet" in early.text
    for item in ITEMS:
        tag = office["wang"].get(f"/api/v1{SA}").headers["etag"]
        given = {"level": 3, "why": "有制度", "evidence": [{"title": "手册", "link": "QM-1"}]}
        put = office.api("wang", "PUT", f"{SA}/answers/{item}", json=given, headers={"if-match": tag})
        assert put.status_code == 200
    bare = office.form("li", f"{SA}/declare", version=version(office), role="")
    assert bare.status_code == 422
    done = office.form("li", f"{SA}/declare", version=version(office), role="质量总监", on="2026-02-01")
    assert done.status_code == 303
    return office["li"].get(f"/api/v1{SA}").json()


def test_it_is_declared_when_it_is_complete(office, declared) -> None:
    assert (declared["state"], declared["declared"]["by"], declared["recorded"]) == (
        "declared",
        "li",
        ["self"],
    )
    assert "<textarea" not in office["li"].get(SA).text


def test_it_is_reviewed_by_a_third_party_only(office, declared) -> None:
    wish = {
        "organisation": "认证公司",
        "findings": {"data": {"level": 2, "reason": "没有台账"}},
        "on": "2026-02-03",
    }
    assert office.api("li", "POST", f"{SA}/review", json=wish).status_code == 403
    assert office.api("qian", "POST", f"{SA}/review", json=wish).status_code == 403
    own = office.form("zhao", f"{SA}/review", version=version(office), organisation="甲厂")
    assert own.status_code == 422
    assert "is the enterprise itself" in own.text
    mute = office.form(
        "zhao", f"{SA}/review", version=version(office), organisation="认证公司", **{"found.data": 2}
    )
    assert mute.status_code == 422
    assert "say why it differs" in mute.text
    late = office.api("zhao", "POST", f"{SA}/review", json=wish | {"version": 1})
    assert late.status_code == 409
    fields = {"found.data": "2", "reason.data": "没有台账", "on": "2026-02-03"}
    done = office.form("zhao", f"{SA}/review", version=version(office), organisation="认证公司", **fields)
    assert done.status_code == 303
    found = office["zhao"].get(f"/api/v1{SA}").json()
    assert (found["state"], found["reviewed"]["by"]) == ("reviewed", "zhao")
    assert {row["item"]: row["found"] for row in found["items"]}["data"] == 2


def test_the_levels_stand_in_the_records_and_the_chain_holds(office, begun) -> None:
    with Store.open(office.settings) as store:
        rows = store.table("assessments").collect("pyarrow").to_arrow().to_pylist()
    assert len(rows) == 2 * len(ITEMS)
    with Register.open(office.settings) as register:
        assert register.verify().faults == ()
        assert {change.who for change in register.history("SA-0001")} == {"li", "wang", "zhao", "zhuoyue"}


def test_a_draft_is_given_up(office, begun) -> None:
    made = office.api("wang", "POST", "/assessments", json={"enterprise_id": "E2", "as_of": "2026-01"})
    assert made.status_code == 201
    path = f"/assessments/{made.json()['id']}"
    assert office["li"].get(path).status_code == 404
    assert office.form("li", f"{path}/withdraw", version=1).status_code == 404
    assert office.form("wang", f"{path}/withdraw", version=1).status_code == 303
    assert office["wang"].get(f"/api/v1{path}").json()["state"] == "withdrawn"


def test_a_form_without_its_token_changes_nothing(office, begun) -> None:
    bare = office["wang"].post("/assessments", data={"enterprise": "E2", "as_of": "2026-01"})
    assert bare.status_code == 403
