"""The only file that speaks to shap: its pictures, and its explainer as an oracle for ours."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import lightgbm

Array = NDArray[np.float64]
FONTS = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "DejaVu Sans",
]


def summary_plot(values: Array, data: Array, names: list[str], title: str, file: Path) -> None:
    """Write a beeswarm of contributions (n × features, model scale) as a PNG.

    Draws without a display. Names in Chinese show where the machine has a font for them, and never fail.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import font_manager
    from matplotlib import pyplot as plt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shap and matplotlib warn of glyphs and of their own deprecations
        import shap

        known = {font.name for font in font_manager.fontManager.ttflist}
        family = [name for name in FONTS if name in known]
        with mpl.rc_context(
            {"font.sans-serif": family, "font.family": "sans-serif", "axes.unicode_minus": False}
        ):
            explanation = shap.Explanation(values=values, data=data, feature_names=names)
            shap.plots.beeswarm(explanation, max_display=15, show=False)
            plt.title(title)
            plt.savefig(file, dpi=110, bbox_inches="tight")
            plt.close("all")


def tree_explainer(booster: lightgbm.Booster, linked: Array) -> Array:
    """n × features: shap's own exact TreeSHAP, to hold LightGBM's `pred_contrib` against."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        return np.asarray(shap.TreeExplainer(booster).shap_values(linked), dtype=np.float64)
