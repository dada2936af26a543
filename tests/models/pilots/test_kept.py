"""A pilot on record stays as it was agreed."""

from pathlib import Path

import pytest

from features.settings import Settings
from models.pilots.kept import AlreadyKeptError, keep, kept
from models.pilots.rows import PilotDesign


def test_a_design_is_kept_once_unless_it_is_given_up(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert kept(settings, "a/b") is None
    first = keep(settings, PilotDesign(enterprise_id="a/b", parameter_id="x", seed=1))
    assert first.made_at
    assert kept(settings, "a/b") == first
    with pytest.raises(AlreadyKeptError, match="--replace"):
        keep(settings, PilotDesign(enterprise_id="a/b", parameter_id="x", seed=2))
    keep(settings, PilotDesign(enterprise_id="a/b", parameter_id="x", seed=2), replace=True)
    assert kept(settings, "a/b").seed == 2
