"""Progress: on standard error, only when it is worth it, never when it is not wanted."""

import pytest

from serving import progress


@pytest.fixture
def a_long_time(monkeypatch):
    """Every look at the clock is three seconds later."""
    ticks = iter(range(0, 3000, 3))
    monkeypatch.setattr(progress, "monotonic", lambda: float(next(ticks)))


def test_short_work_says_nothing(capsys):
    with progress.bar("Importing", 3) as shown:
        shown.update(3)
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("a_long_time")
def test_long_work_speaks_on_standard_error(capsys):
    with progress.bar("Importing [x]", 3) as shown:
        shown.update(2)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Importing [x]" in said.err
    assert "2/3" in said.err


@pytest.mark.usefixtures("a_long_time")
def test_the_description_and_the_total_may_change(capsys):
    with progress.bar("Reading") as shown:
        shown.update(4, 8, "Checking")
    assert "Checking" in (said := capsys.readouterr().err)
    assert "4/8" in said


@pytest.mark.usefixtures("a_long_time")
def test_quiet_is_quiet(capsys, monkeypatch):
    monkeypatch.setenv("ZHUOYUE_QUIET", "1")
    with progress.bar("Importing", 3) as shown:
        shown.update(3)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_it_shows_at_once(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress.bar("Importing", 3):
        pass
    assert "Importing" in capsys.readouterr().err


@pytest.mark.usefixtures("a_long_time")
def test_an_error_inside_gives_the_terminal_back(capsys):
    def work() -> None:
        with progress.bar("Importing", 3) as shown:
            shown.update(1)
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        work()
    assert capsys.readouterr().err.endswith("\n")
