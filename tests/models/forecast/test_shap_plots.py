"""The summary plot is a picture, with Chinese names too."""

from __future__ import annotations

import numpy as np

from models.shap_plots import summary_plot


def test_a_picture_with_chinese_names(tmp_path) -> None:
    rng = np.random.default_rng(0)
    file = tmp_path / "summary.png"
    summary_plot(
        rng.normal(size=(30, 3)), rng.normal(size=(30, 3)), ["炉温", "ftq.ew12", "age"], "ftq +1", file
    )
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 5_000
