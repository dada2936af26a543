"""Rows by API: one transaction, once per key, nothing of anybody else's, every refusal in its place."""

import json
import threading

import pytest
import sqlalchemy as sa

from features.store.database import open_database
from serving.records.once import Claim, KeyBusyError, digest_of
from tests.serving.records.conftest import ENGINEER, NEIGHBOUR, PLANNER

PATH = "/api/v1/records"
SOME = ("enterprises", "products", "processes", "inspections", "output_values")


def value(amount, period="2026-03", enterprise="A"):
    return {"output_values": [{"enterprise_id": enterprise, "period": period, "amount": amount}]}


def bring(client, tables, key=None, **query):
    headers = {"idempotency-key": key} if key else {}
    return client.post(PATH, json={"tables": tables}, headers=headers, params=query)


def test_tables_come_in_one_transaction_and_go_out_as_they_came(house, rows):
    client = house.enter()
    rows = {name: rows[name] for name in SOME}
    answer = bring(client, rows)
    assert answer.status_code == 200, answer.text
    assert answer.json()["import_id"] == 1
    assert all(row["new"] == row["rows"] for row in answer.json()["tables"])
    pages = {table: client.get(f"{PATH}/{table}").json() for table in rows}
    assert {table: page["total"] for table, page in pages.items()} == {
        table: len(found) for table, found in rows.items()
    }
    again = bring(client, {table: page["items"] for table, page in pages.items()}).json()["tables"]
    assert [row["same"] for row in again] == [row["rows"] for row in again] == list(map(len, rows.values()))


def test_the_same_key_gives_the_first_answer_and_imports_once(house):
    client = house.enter()
    bring(client, {"enterprises": [{"enterprise_id": "A"}]})
    first = bring(client, value("5.00"), "k 1".replace(" ", "-"))
    bring(client, value("6.00"), on_conflict="replace")
    again = bring(client, value("5.00"), "k-1")
    assert again.json() == first.json()
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert str(house.rows("output_values")[0]["amount"]) == "6.00"
    other = bring(client, value("7.00"), "k-1")
    assert other.status_code == 422
    assert bring(client, value("5.00"), "k-1", on_conflict="replace").status_code == 422
    assert str(house.rows("output_values")[0]["amount"]) == "6.00"


def test_two_calls_with_one_key_at_the_same_moment_import_once(house):
    client = house.enter()
    bring(client, {"enterprises": [{"enterprise_id": "A"}]})
    before, answers = house.imports(), []
    calls = [
        threading.Thread(target=lambda: answers.append(bring(client, value("5.00"), "k"))) for _ in range(4)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.text for answer in answers if answer.status_code == 200}) == 1
    assert house.imports() == before + 1


def test_a_refused_call_lets_go_of_its_key(house):
    client = house.enter()
    assert bring(client, value("5.00"), "k").status_code == 422  # nobody knows enterprise A yet
    bring(client, {"enterprises": [{"enterprise_id": "A"}]})
    assert bring(client, value("5.00"), "k").status_code == 200


def test_who_lost_a_claim_writes_nothing(house):
    engine = open_database(house.settings)
    slow, quick = (Claim(engine, "li", "k", digest_of(b"x")) for _ in range(2))
    assert slow.answer() is None
    with pytest.raises(KeyBusyError):
        quick.answer()
    with engine.begin() as connection:  # long ago
        connection.execute(sa.text("UPDATE requests SET at = '2020-01-01T00:00:00+00:00'"))
    assert Claim(engine, "wang", "k", digest_of(b"y")).answer() is None  # another's key is another key
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE requests SET at = '2026-01-01T00:00:00+00:00', who = 'li' WHERE who = 'li'")
        )
    taken = Claim(engine, "li", "k", digest_of(b"x"))
    assert taken.answer() is None
    with pytest.raises(KeyBusyError), engine.begin() as connection:
        slow.keep(connection, "{}")
    with engine.begin() as connection:
        taken.keep(connection, '{"mine": 1}')
    slow.release()
    assert quick.answer() == '{"mine": 1}'
    engine.dispose()


def test_looking_says_the_same_and_writes_nothing(plant):
    client = plant.enter()
    found = bring(client, value("5.00") | {"deliveries": [{"enterprise_id": "A"}]}, check="true")
    assert found.status_code == 200
    body = found.json()
    assert (body["written"], body["fault_count"]) == (False, 4)
    assert bring(client, value("5.00") | {"deliveries": [{"enterprise_id": "A"}]}).json()["errors"] == [
        {name: fault[name] for name in fault if name != "number"} for fault in body["faults"]
    ]
    found = bring(client, value("5.00", "2026-04"), check="true").json()
    assert found["tables"] == [{"table": "output_values", "rows": 1, "new": 1, "same": 0, "conflict": 0}]
    assert plant.imports() == 1


def test_a_conflict_tells_old_and_new_and_replaces_if_asked(plant):
    client = plant.enter()
    refused = bring(client, value("5.00"))
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"] == [
        {
            "table": "output_values",
            "file": "",
            "row": 1,
            "key": {"enterprise_id": "A", "period": "2026-03"},
            "changes": [{"column": "amount", "old": "100000.00", "new": "5.00"}],
        }
    ]
    assert bring(client, value("5.00"), on_conflict="replace").json()["tables"][0]["conflict"] == 1
    assert str(plant.rows("output_values")[0]["amount"]) == "5.00"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "no JSON"),
        (b"{", 400, "no JSON"),
        (b"[]", 422, "rows by table"),
        (b'{"tables": {"nothing": []}}', 422, "no such table"),
        (
            b'{"tables": {"products": [{"enterprise_id": "A", "product_id": "p", "colour": 1}]}}',
            422,
            "colour",
        ),
        (
            '{"tables": {"products": [{"产品编号": "p", "product_id": "p"}]}}'.encode(),
            422,
            "twice",
        ),
        (
            b'{"tables": {"output_values": [{"enterprise_id": "A", "period": "2026-05", "amount": NaN}]}}',
            422,
            "nan",
        ),
        (b'{"tables": {"products": [{"enterprise_id": "A", "product_id": ["p"]}]}}', 422, "rows by table"),
        (b'{"tables": {"products": [{"enterprise_id": "A", "product_id": "\\ud800"}]}}', 400, "no JSON"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_in_words(plant, body, status, says):
    answer = plant.enter().post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert says in json.dumps(answer.json(), ensure_ascii=False)
    assert str(plant.settings.home) not in answer.text
    assert plant.imports() == 1


def test_another_media_type_and_a_huge_body_are_refused(plant):
    client = plant.enter()
    assert client.post(PATH, content=b"a,b", headers={"content-type": "text/csv"}).status_code == 415
    assert (
        client.post(PATH, content=b" " * (17 << 20), headers={"content-type": "application/json"}).status_code
        == 413
    )


def test_nobody_brings_or_reads_what_belongs_to_others(plant):
    li, wang, zhao = plant.enter(ENGINEER), plant.enter(NEIGHBOUR), plant.enter(PLANNER)
    assert bring(zhao, value("5.00")).status_code == 403
    refused = bring(wang, value("5.00") | {"products": [{"enterprise_id": "B", "product_id": "p9"}]})
    assert refused.status_code == 422
    assert [(f["table"], f["column"]) for f in refused.json()["errors"]] == [
        ("output_values", "enterprise_id")
    ]
    assert bring(wang, {"products": [{"enterprise_id": "B", "product_id": "p9"}]}).status_code == 200
    assert bring(li, value("5.00", "2026-05")).status_code == 200
    for table in SOME:
        seen = {row.get("enterprise_id") for row in wang.get(f"{PATH}/{table}").json()["items"]}
        assert seen <= {"B", None}, table
    assert wang.get(f"{PATH}/output_values", params={"enterprise_id": "A"}).json()["total"] == 0
    assert zhao.get(f"{PATH}/output_values").json()["total"] == 0
    assert li.get(f"{PATH}/output_values").json()["total"] == 2


def test_a_key_of_others_is_neither_shown_nor_overwritten(plant):
    wang = plant.enter(NEIGHBOUR)
    taken = {"action_id": "1", "enterprise_id": "B", "title": "x", "started_on": "2026-01-01"}
    for how in ("report", "replace"):
        refused = bring(wang, {"actions": [taken]}, on_conflict=how)
        assert refused.status_code == 422
        assert "调速" not in refused.text
    assert plant.rows("actions")[0]["title"] == "调速"


def test_reviews_and_plans_are_not_an_engineers_to_bring(plant, rows):
    li = plant.enter(ENGINEER)
    review = rows["assessments"][0] | {"source": "third_party", "level": "5"}
    assert bring(li, {"assessments": [review]}).json()["errors"][0]["column"] == "source"
    assert bring(li, {"plan_targets": rows["plan_targets"]}).status_code == 422
    assert bring(plant.enter(), {"assessments": [review]}).status_code == 200


def test_rows_are_read_by_what_they_are_and_when(plant):
    client = plant.enter()
    read = lambda **query: client.get(f"{PATH}/inspections", params=query).json()  # noqa: E731
    assert [row["submission"] for row in read()["items"]] == [1, 2]
    assert [row["submission"] for row in read(limit=1, offset=1)["items"]] == [2]
    assert read(since="2026-03-01", until="2026-03-01")["total"] == 2
    assert read(since="2026-03-02")["total"] == read(until="2026-02")["total"] == 0
    assert read(process_id="turn", lot_id="1")["total"] == 2
    assert read(process_id="mill")["total"] == 0
    assert client.get(f"{PATH}/inspections", params={"parameter_id": "x"}).status_code == 422
    assert client.get(f"{PATH}/nothing").status_code == 404
    first = client.get(f"{PATH}/inspections")
    assert (
        client.get(f"{PATH}/inspections", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    )
