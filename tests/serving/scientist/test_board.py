"""The scientist's board and its API over a review that was kept: what is said, what is asked for, by whom."""

import json
from contextlib import ExitStack

import httpx
import pytest

from features.settings import Settings
from models.learning.gate import judge_model
from models.review import scored
from models.review.reading import review_file
from serving.access import Person, Role, Scope
from serving.web.app import create_app
from serving.web.language import language
from serving.web.model_words import said
from tests.models.review.test_review import errors
from tests.serving import province

ZHAO = Person("zhao", frozenset({Role.SCIENTIST}), Scope(everything=True))
LI = Person("li", frozenset({Role.ENGINEER}), Scope(everything=True))


def version(number, *aliases, **more):
    named = {"number": number, "model_version": f"model-{number}", "run_id": f"run-{number}"}
    told = {"aliases": list(aliases), "made_at": "2026-03-01T08:00:00+00:00", "url": None, "retired": None}
    tags = ("gate", "refused_because", "promoted_because", "promoted_by", "promoted_at", "data_fingerprint")
    return named | told | dict.fromkeys(tags) | more


TEST = {
    "what": "month enterprise ftq", "against": "ewma12", "measure": "model", "excess": 0.05, "error": 0.01,
    "origins": 12, "p": 0.001, "adjusted": 0.004, "refused": "True",
}  # fmt: skip
DRIFT = {
    "kind": "target", "frequency": "month", "what": "ftq", "since": "2026-01", "shift": -2.5,
    "statistic": -3.1, "p_value": 0.0004, "alarm": True, "means": "yield fell",
}  # fmt: skip


def review():
    scores = scored.table_of(errors())
    about = {"backtest": scores, "gate_tests": [TEST], "coverage": []}
    return {
        "made_at": "2026-03-02T08:00:00+00:00",
        "tracking": "https://mlflow.example",
        "registry_error": "",
        "versions": [
            version("3", "challenger", gate="refused", refused_because="ftq is worse <script>"),
            version("2", "champion", gate="promoted", promoted_by="zhao"),
            version("1", "retired"),
        ],
        "champion": about
        | {
            "model_version": "model-2",
            "number": "2",
            "periods": {"month": ["2022-01", "2025-12"]},
            "by_origin": scored.by_origin(errors()),
        },
        "challenger": about | version("3", "challenger"),
        "since": {"note": "", "reasons": [], "table": scores, "by_origin": []},
        "drift": {"drifted": True, "note": "", "rows": [DRIFT]},
        "due": {"due": True, "reasons": ["drift: yield fell"], "against": []},
    }


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    """A client a person, over a home with a review and one without."""
    homes = {"kept": tmp_path_factory.mktemp("kept"), "none": tmp_path_factory.mktemp("none")}
    file = review_file(Settings(home=homes["kept"]))
    file.parent.mkdir()
    file.write_text(json.dumps(review()), encoding="utf-8")
    with ExitStack() as stack:
        found = {}
        for name, home, person in (("zhao", "kept", ZHAO), ("li", "kept", LI), ("new", "none", ZHAO)):
            app = create_app(Settings(home=homes[home]), open_to=person)
            url = stack.enter_context(province.served(app))
            found[name] = stack.enter_context(httpx.Client(base_url=url, timeout=60))
        yield found


def test_the_board_says_how_the_model_stands(clients):
    page = clients["zhao"].get("/models?lang=en").text
    for text in (
        "model-2",
        "Refused by the gate",
        "−33.3",
        "100.0",
        "yield fell",
        "It has",
        "Trained on Jan 2022 to Dec 2025",
        'href="https://mlflow.example"',
        "Roll back to it",
    ):
        assert text in page, text
    assert "worse &lt;script&gt;" in page
    assert "现役模型" in clients["zhao"].get("/models?lang=zh&target=nonsense").text


def test_a_first_day_says_how_to_begin(clients):
    page = clients["new"].get("/models?lang=en").text
    assert "train a first model" in page
    assert clients["new"].get("/api/v1/models").json()["total"] == 0
    assert clients["new"].get("/api/v1/models/health").json()["looked_at"] is None
    assert clients["new"].get("/api/v1/models/champion/backtest").status_code == 404


@pytest.mark.parametrize(
    "address", ["/models", "/api/v1/models", "/api/v1/models/health", "/api/v1/models/2"]
)
def test_it_is_for_scientists(clients, address):
    assert clients["li"].get(address).status_code == 403
    assert clients["zhao"].get(address).status_code == 200


def test_versions_by_number_alias_and_name(clients):
    zhao = clients["zhao"]
    assert [one["number"] for one in zhao.get("/api/v1/models").json()["items"]] == ["3", "2", "1"]
    assert zhao.get("/api/v1/models", params={"alias": "champion"}).json()["total"] == 1
    for name in ("2", "champion", "model-2"):
        assert zhao.get(f"/api/v1/models/{name}").json()["promoted_by"] == "zhao"
    assert zhao.get("/api/v1/models/9").status_code == 404


def test_the_backtest_names_the_best_baseline(clients):
    found = clients["zhao"].get("/api/v1/models/champion/backtest", params={"target": "ftq"}).json()
    assert (found["model_version"], len(found["items"])) == ("model-2", 2)
    assert (found["items"][0]["best_baseline"], found["items"][0]["coverage_90"]) == ("naive", 1.0)
    health = clients["zhao"].get("/api/v1/models/health").json()
    assert (health["due"], health["drifted"], health["drift"][0]["means"]) == (True, True, "yield fell")


def test_promotion_rolling_back_and_training_are_jobs(clients):
    zhao = clients["zhao"]
    back = zhao.post("/api/v1/models/1/promotion", json={"reason": "the new one is worse"})
    assert (back.status_code, back.json()["kind"]) == (202, "promote")
    assert back.json()["arguments"] == {"version": "1", "reason": "the new one is worse", "force": False}
    assert zhao.post("/api/v1/models/1/promotion", json={"force": True}).status_code == 422
    assert zhao.post("/api/v1/models/9/promotion", json={}).status_code == 404
    trained = zhao.post("/api/v1/models/trainings", json={"force": True, "refits": 2}).json()
    assert (trained["kind"], trained["arguments"]["refits"]) == ("retrain", 2)


def test_buttons_work_without_scripts(clients):
    zhao = clients["zhao"]
    for address, form, kind in (
        ("/models/retrain", {"refits": "3", "force": "on"}, "retrain"),
        ("/models/3/promotion", {"reason": "needed", "force": "on"}, "promote"),
        ("/models/look", {}, "review"),
        ("/models/evaluate", {}, "evaluate"),
    ):
        answer = zhao.post(address, data=form)
        assert answer.status_code == 303, address
        job = zhao.get(f"/api/v1{answer.headers['location']}").json()
        assert (job["kind"], job["who"]) == (kind, "zhao")
    assert zhao.post("/models/3/promotion", data={"force": "on"}).status_code == 422
    assert clients["li"].post("/models/look").status_code == 403


WORSE = (
    "error: month enterprise ftq: model against ewma12: mean absolute error is +5.0% over 12 origins "
    "(p = 0.004 after all comparisons; allowed is +3% or p of at least 0.05)"
)


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        ("records: the same as in its training; it would give the same model", "数据：与其训练时相同"),
        ("age: 13.0 months of newer records (2024-12 to 2025-12); the limit is 3", "已有 13.0 个月的新数据"),
        ("drift: none shown in 147 tests", "147 项检验"),
        ("ftq: higher since 2026-01 by 2.4 usual monthly deviations", "一次交验合格率：自 2026-01 起升高"),
        ("ftq: 90 % intervals hold 71% since 2026-01; in the backtest 90%", "覆盖 71%，回测时为 90%"),
        (WORSE, "一次交验合格率：在 12 个起点上较12 期平滑变化 +5.0%"),
        ("something new", "something new"),
    ],
)
def test_sentences_of_the_models_are_said_in_chinese(told, zh):
    assert zh in said(language("zh"), told)


def test_what_the_gate_says_is_known():
    told = judge_model(errors(origins=range(24300, 24330)).assign(model=0.4), None).reasons
    assert told
    assert all("个起点上较" in said(language("zh"), reason) for reason in told)
