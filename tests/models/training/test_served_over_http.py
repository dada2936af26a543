"""`mlflow models serve` over real HTTP answers what `zhuoyue forecast` answers, to the last digit."""

from __future__ import annotations

import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.forecast import load_champion
from models.registry import NAME
from models.results import QUANTILE_NAMES

MLFLOW = Path(sys.executable).with_name("mlflow")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def address(trained, tmp_path_factory) -> Iterator[str]:
    port = _free_port()
    log = tmp_path_factory.mktemp("serve") / "log"
    model = f"models:/{NAME}@champion"
    command = [str(MLFLOW), "models", "serve", "-m", model, "-p", str(port), "--env-manager", "local"]
    environment = os.environ | {
        "MLFLOW_TRACKING_URI": trained.report.tracking_uri,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PATH": f"{MLFLOW.parent}:{os.environ['PATH']}",
    }
    with log.open("w") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)
    try:
        _wait(process, f"http://127.0.0.1:{port}/ping", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-3000:])


def _asked(address: str, rows: list[dict[str, object]], horizon: int) -> list[dict[str, object]]:
    body = json.dumps({"dataframe_records": rows, "params": {"horizon": horizon}}).encode()
    request = urllib.request.Request(
        f"{address}/invocations", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["predictions"]


def test_every_column_and_quantile_is_ours_to_the_last_digit(address, trained, table) -> None:
    plants = sorted(table.frame["enterprise_id"].unique())[:3]
    own = table.frame[table.frame["enterprise_id"].isin(plants)]
    numbers = own.select_dtypes("number").columns
    kept = own[[*dict.fromkeys(["enterprise_id", "product_id", "frequency", "period", *numbers])]]
    rows = [
        {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()}
        for row in kept.to_dict("records")
    ]
    ours = [
        row.model_dump()
        for row in load_champion(trained.settings).forecast(table, horizon=5)
        if row.enterprise_id in plants
    ]
    theirs = _asked(address, rows, 5)
    assert len(theirs) == len(ours) > 0
    for row in theirs:
        row["quantiles"] = {name: row.pop(name) for name in QUANTILE_NAMES}
    assert json.loads(json.dumps(ours)) == theirs


def test_a_row_needs_to_say_only_whose_and_of_when_it_is(address) -> None:
    answers = _asked(address, [{"enterprise_id": "NEW", "period": "2024-01"}], 1)
    assert {row["enterprise_id"] for row in answers} == {"NEW"}
    assert all(row["0.05"] <= row["mean"] <= row["0.95"] for row in answers)
