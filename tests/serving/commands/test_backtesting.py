"""`zhuoyue backtest`: its two opponents, on records and on worlds, and what it says where it cannot."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from serving import main

ROW = {"frequency", "scope", "target", "band", "peer", "n", "origins", "coverage_90"} | {
    f"{what}{metric}"
    for metric in ("mae", "crps")
    for what in ("", "model_", "ratio_", "se_", "verdict_", "way_")
}
WORLD = ["--worlds", "11", "--enterprises", "8", "--months", "36", "--origins", "2", "--refits", "2"]


@pytest.fixture
def zhuoyue(monkeypatch, capsys):
    """Run the command in this process; gives exit code, standard output and standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["zhuoyue", *words])
        code = 0
        try:
            main.main()
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_world_with_an_oracle(zhuoyue):
    pytest.importorskip("statsforecast", reason="the extra `peers` is not installed")
    peers = ["--against", "peers", "--peers", "naive,mean,ets_plain,ridge"]
    code, out, err = zhuoyue("backtest", *peers, *WORLD, "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    assert all(set(row) == ROW for row in rows)
    assert {row["peer"] for row in rows} == {"model", "oracle", "naive", "mean", "ets_plain", "ridge"}
    assert {row["target"] for row in rows} == {"ftq", "internal_loss", "external_loss", "ppm", "cpk", "all"}
    pooled = {row["peer"]: row for row in rows if (row["target"], row["band"]) == ("all", "7-12")}
    assert pooled["model"]["mae"] == pytest.approx(1.0)
    assert pooled["oracle"]["mae"] < pooled["ets_plain"]["mae"]
    assert pooled["model"]["way_mae"] == pooled["ets_plain"]["way_mae"]
    assert pooled["naive"]["verdict_mae"] in {"better", "level", "worse", "unknown"}


def test_the_store_needs_no_oracle_and_simple_peers_no_extra(full_home, zhuoyue, monkeypatch):
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    home = ["--home", str(full_home.home), "--refits", "2", "--origins", "2"]
    code, out, err = zhuoyue(
        "backtest", "--against", "peers", "--peers", "naive,ewma12", *home, "--format", "json"
    )
    assert code == 0, err
    rows = json.loads(out)
    assert {row["peer"] for row in rows} == {"model", "naive", "ewma12"}
    assert {row["way_mae"] for row in rows} == {None}


@pytest.mark.parametrize(("library", "peer"), [("statsforecast", "ets"), ("mlforecast", "mlforecast")])
def test_without_the_extra_the_next_step_is_named(zhuoyue, monkeypatch, library, peer):
    monkeypatch.setitem(sys.modules, library, None)
    code, out, err = zhuoyue("backtest", "--against", "peers", "--peers", f"naive,{peer}")
    assert (code, out) == (2, "")
    assert "pip install zhuoyue[peers]" in err
    assert "make setup-dev" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--peers", "naive,prophecy"], "prophecy"),
        (["--peers", "naive", "--worlds", "eleven"], "eleven"),
        (["--peers", "naive", "--worlds", "9-5"], "9-5"),
    ],
)
def test_bad_words_are_bad_input(zhuoyue, words, named):
    code, out, err = zhuoyue("backtest", "--against", "peers", *words)
    assert (code, out) == (2, "")
    assert named in err


def test_the_peers_libraries_are_loaded_only_when_asked():
    loaded = "[m for m in ('statsforecast', 'mlforecast') if m in sys.modules]"
    code = f"import sys, models.peers.cells, models.peers.table; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
