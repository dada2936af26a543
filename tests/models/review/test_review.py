"""What a review of the served model holds, and what it says where there is little to say."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from features.settings import Settings
from models import versions
from models.review import registered, scored
from models.review.plain import rows_of
from models.review.reading import read_review, review_file
from models.versions import Registered

PEERS = ("naive", "ewma3", "ewma12", "mean12", "entity_mean")


def errors(frequency="month", target="ftq", origins=(24300, 24301), horizons=(1, 2)):
    """Sums by origin and horizon, as a backtest leaves them: the model errs 0.02, baselines 0.03 and more."""
    rows = []
    for t in origins:
        for horizon in horizons:
            peers = {peer: 4 * (0.03 + 0.01 * place) for place, peer in enumerate(PEERS)}
            rows.append(
                {"frequency": frequency, "scope": "enterprise", "target": target, "horizon": horizon, "t": t}
                | {"n": 4, "model": 0.08, "ridge": 0.1, "pinball": 0.06, "inside90": 4.0, "inside50": 2.0}
                | peers
            )
    return pd.DataFrame(rows)


def test_errors_by_origin_stand_beside_the_best_baseline():
    rows = scored.by_origin(errors())
    assert [row["period"] for row in rows] == ["2025-01", "2025-02"]
    first = rows[0]
    assert first["baseline"] == "naive"
    assert (first["n"], first["coverage_90"]) == (8, 1.0)
    assert first["mae_model"] == pytest.approx(0.02)
    assert first["mae_baseline"] == pytest.approx(0.03)


def test_weeks_are_named_as_weeks():
    assert scored.by_origin(errors("week", origins=(2921,)))[0]["period"].startswith("2025-W")


def test_what_is_not_known_is_none_because_json_has_no_nan():
    rows = rows_of(pd.DataFrame({"a": [1.0, float("nan"), float("inf")], "b": ["x", "y", "z"]}))
    assert rows == [{"a": 1.0, "b": "x"}, {"a": None, "b": "y"}, {"a": None, "b": "z"}]
    json.dumps(scored.table_of(errors()), allow_nan=False)


def test_a_home_where_nothing_was_logged_is_not_given_a_store(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shelf = registered.shelf_of(Settings(home=tmp_path))
    assert (shelf.versions, shelf.error, shelf.challenger()) == ((), "", None)
    assert not (tmp_path / "mlflow.db").exists()


def test_a_registry_that_does_not_answer_stops_nobody(tmp_path, monkeypatch):
    def refuse(_settings):
        raise ConnectionError("no route to mlflow.example")

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://li:sesame@mlflow.example:5000")
    monkeypatch.setattr(versions, "listed", refuse)
    shelf = registered.shelf_of(Settings(home=tmp_path))
    assert "no route to mlflow.example" in shelf.error
    assert shelf.tracking == "http://mlflow.example:5000", "a password is nobody's business"


def test_versions_link_into_a_server_and_not_into_a_file():
    one = Registered("7", "abc", {"model_version": "m7", "gate": "refused"}, ("challenger",), "2026-01-01")
    served = registered.Shelf("https://mlflow.example/", (one,), "3")
    assert served.row(one)["url"] == "https://mlflow.example/#/experiments/3/runs/abc"
    assert registered.Shelf("sqlite:///x.db", (one,), "3").row(one)["url"] is None
    found = served.challenger()
    assert (found["number"], found["gate"], found["coverage"]) == ("7", "refused", [])


def test_nothing_is_read_where_nothing_was_kept(tmp_path):
    settings = SimpleNamespace(home=tmp_path)
    assert read_review(settings) is None
    review_file(settings).parent.mkdir()
    review_file(settings).write_text('{"made_at": "2026-01-01"}', encoding="utf-8")
    assert read_review(settings) == {"made_at": "2026-01-01"}
