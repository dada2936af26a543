"""The PDCA board: promise beside outcome, the score on top, in both languages, and never more than text."""

import html
import json
from datetime import date

import httpx
import pytest

from features.improvement import Register, Source, accept, move
from features.settings import Settings
from features.store import Store
from models.verdicts import VerdictRow, score_promises
from serving.access import LOCAL_ADMINISTRATOR
from serving.web.app import create_app
from tests.serving import province

HOSTILE = '<script>alert("x")</script>\'&'
SOURCE = Source("o", "model-1", "f", "2024-12-01T00:00:00+00:00", "2024-12")
EFFECT = {
    "target": "ftq", "estimate": 0.009, "low": 0.001, "high": 0.017, "naive": 0.03, "link_estimate": -0.2,
    "link_low": -0.35, "link_high": -0.05, "link_sd": 0.09, "p_value": 0.04, "periods": 12, "placebos": 41,
    "like_lines": 9, "share": 0.4, "fit_before": 0.1,
}  # fmt: skip

LEVER = {"before": 1, "after": 2, "intended": 1, "share": 1.0, "low": 0.8, "high": 1.2, "moved": "yes"}


def published(action_id, **other):
    """A verdict as `publish_verdicts` writes it."""
    return {
        "action_id": action_id, "enterprise_id": "E/1", "title": "t", "parameter_id": "temp",
        "started_on": "2025-01-05", "finished_on": "2025-02-01", "verdict": "worked", "reason_code": None,
        "target": "ftq", "periods_seen": 12, "effects": [EFFECT],
        "money": {"estimate": 81_000.0, "low": 12_000.0, "high": 150_000.0, "naive": 300_000.0},
        "lever": LEVER,
        "warnings": ["regression_to_mean"], "like_lines": ["E2"], "chance_it_helped": 0.98, **other,
    }  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("improving"), threads=1)
    tables = {
        "enterprises": "enterprise_id,name\nE/1,甲厂\nE2,Second\n",
        "parameters": "enterprise_id,parameter_id,name,unit,kind\nE/1,temp,炉温,°C,actionable\n",
        "actions": "action_id,enterprise_id,title,started_on,finished_on,status\n"
        "HAND,E/1,看板,2024-01-05,2024-02-01,done\n",
    }
    for name, text in tables.items():
        (settings.home / f"{name}.csv").write_text(text, encoding="utf-8")
    with Store.open(settings) as store:
        store.import_paths([settings.home / f"{name}.csv" for name in tables])
    row = {
        "enterprise_id": "E/1", "rank": 1, "parameter_id": "temp", "from": 850.0, "to": 860.0,
        "target": "ftq",
        "effect": {"estimate": 0.012, "low": 0.004, "high": 0.02}, "benefit": 250_000.0, "cost": 3_000.0,
        "effects": [{"target": "ppm", "estimate": -120.0, "low": -200.0, "high": -40.0}],
    }  # fmt: skip
    with Register.open(settings) as register:
        made = accept(register, settings, row, SOURCE, HOSTILE, HOSTILE, date(2025, 1, 2)).action_id
        move(register, settings, made, "doing", "Li", date(2025, 1, 5))
        move(register, settings, made, "checking", "Li", date(2025, 2, 1))
        promises = register.promises()
    verdicts = [
        published(
            made, effects=[EFFECT, EFFECT | {"target": "ppm", "estimate": -88.0, "low": -180.0, "high": 4.0}]
        ),
        published(
            "HAND", verdict="cannot be told", reason_code="another_action", effects=[], money=None, lever=None
        ),
    ]
    told = score_promises(promises.values(), [VerdictRow.model_validate(one) for one in verdicts])
    document = {
        "verdicts": verdicts,
        "scores": [one.model_dump(mode="json") for one in told],
        "fingerprint": "older",
        "made_at": "2026-03-01T00:00:00+00:00",
    }
    (settings.home / "verdicts.json").write_text(json.dumps(document), encoding="utf-8")
    return settings


@pytest.fixture(scope="module")
def client(home):
    with (
        province.served(create_app(home, open_to=LOCAL_ADMINISTRATOR)) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


def text(client, path, lang="en"):
    answer = client.get(path, params={"lang": lang})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_promise_and_outcome_stand_side_by_side(client):
    page = text(client, "/improvement/E%2F1")
    for said in (
        "+1.20",
        "+0.40 to +2.00",
        "+0.90",
        "+0.10 to +1.70",
        "CNY 250 thousand",
        "CNY 81",
        "+3.00",
        "model-1",
    ):
        assert said in page.replace("\N{NO-BREAK SPACE}", " "), said
    assert "Another action of the same enterprise" in page
    assert "without a promise" in page
    assert "begun after bad months" in page


def test_the_score_is_on_top_and_says_that_cases_are_few(client):
    page = text(client, "/improvement/E%2F1")
    score = page[page.index('id="score-title"') : page.index('id="column-planned"')]
    assert "1 of 1" in score
    assert "few cases" in score
    assert "have them judged anew below" in score, "records came after the verdicts"
    assert "Promised intervals that agree" in text(client, "/enterprises/E%2F1")


def test_the_chinese_page_has_chinese_words(client):
    page = text(client, "/improvement/E%2F1", "zh")
    for said in ("改进措施", "承诺兑现情况", "见效", "无法判断", "每一步都记入日志"):
        assert said in page


def test_what_people_wrote_is_text(client):
    raw = client.get("/improvement/E%2F1").text
    assert "<script>alert" not in raw
    assert html.escape(HOSTILE, quote=False).split(";")[0] in raw


def test_it_is_read_only_and_knows_only_enterprises_on_record(client):
    assert client.post("/improvement/E%2F1").status_code == 405
    assert client.get("/improvement/nobody").status_code == 404
    assert "No recommendation has been accepted here" in text(client, "/improvement/E2")


def test_a_plant_without_anything_links_there_all_the_same(client):
    assert "/improvement/E2" in client.get("/enterprises/E2").text
