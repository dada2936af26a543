"""`zhuoyue judge`: a table of who chooses better, and what it says where it cannot."""

from __future__ import annotations

import json
import sys

import pytest

from serving import main

SMALL = ["--plants", "5", "--months", "24"]


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


def test_rows_per_world_and_over_all(zhuoyue):
    code, out, err = zhuoyue("judge", "7", *SMALL, "--scenario", "hard", "--format", "json")
    assert code == 0, err
    rows = json.loads(out)
    assert {row["world"] for row in rows} == {"7", "all"}
    assert {row["chooser"] for row in rows} == {"ours", "lot", "lot, right way", "correlation"}
    lot = next(row for row in rows if (row["world"], row["chooser"]) == ("all", "lot"))
    assert lot["harmful"] > 0.2
    assert lot["se_of_best_plant"] is None  # of one world there is none


def test_seeds_that_cannot_be_read_are_refused(zhuoyue):
    code, _, err = zhuoyue("judge", "seven")
    assert code == 2
    assert "21-24" in err


def test_peers_that_are_not_installed_are_named_with_the_way_to_get_them(zhuoyue, monkeypatch):
    for library in ("doubleml", "econml"):
        monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr("models.judge.choosers.PEERS", _only("DoubleML", "EconML LinearDML"))
    code, out, err = zhuoyue("judge", "7", *SMALL, "--against", "peers", "--format", "json")
    assert code == 0, err
    assert "DoubleML did not run" in err
    assert "pip install zhuoyue[causal]" in err
    assert "DoubleML" not in {row["chooser"] for row in json.loads(out)}


def _only(*names):
    from models.judge.choosers import PEERS

    return {name: PEERS[name] for name in names}
