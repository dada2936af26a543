"""The capability of characteristics as a table for people, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qm_rules.words import Words
from serving.text_tables import rendered

if TYPE_CHECKING:
    from rich.table import Table

METHODS = {"normal": Words("正态", "normal"), "percentile": Words("分位数", "percentile")}
REASONS = {
    "between": Words("子组间差异", "subgroups differ"),
    "outliers": Words("离群值", "values apart"),
    "excursion": Words("偏离中心", "excursion"),
    "drift": Words("漂移", "drift"),
    "autocorrelation": Words("自相关", "autocorrelation"),
}
STABLE = {True: Words("是", "yes"), False: Words("否", "no")}
TEXTS = {
    "enterprise_id": Words("企业", "enterprise"),
    "characteristic_id": Words("特性", "characteristic"),
}
NUMBERS = {
    "n": Words("n", "n"),
    "mean": Words("x̄", "x̄"),
    "sd_within": Words("σ内", "σ within"),
    "sd_overall": Words("σ总", "σ total"),
    "cp": Words("Cp", "Cp"),
    "cpk": Words("Cpk", "Cpk"),
    "interval": Words("95 %", "95 %"),
    "pp": Words("Pp", "Pp"),
    "ppk": Words("Ppk", "Ppk"),
    "cpm": Words("Cpm", "Cpm"),
    "p_normal": Words("正态 p", "p normal"),
}
WORDS = {
    "method": Words("方法", "method"),
    "stable": Words("稳定", "stable"),
    "reasons": Words("原因", "reasons"),
}
COLUMNS = TEXTS | NUMBERS | WORDS


def capability_table(rows: Iterable[Mapping[str, Any]], language: str) -> str:
    """Return the rows of `zhuoyue capability` under headings of a language (`zh`, `en`)."""
    table = _headed(language)
    for row in rows:
        table.add_row(*(_cell(row, name, language) for name in COLUMNS))
    return rendered(table)


def _headed(language: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, words in COLUMNS.items():
        heading = _in(words, language)
        wraps = name == "reasons"
        justify = "right" if name in NUMBERS else "left"
        table.add_column(heading, justify=justify, no_wrap=not wraps, overflow="fold", min_width=len(heading))  # type: ignore[arg-type]
    return table


def _cell(row: Mapping[str, Any], name: str, language: str) -> str:
    if name == "interval":
        return "–" if row["cpk_low"] is None else f"{row['cpk_low']:.3g}…{row['cpk_high']:.3g}"
    if name == "method":
        return _in(METHODS[row["method"]], language)
    if name == "stable":
        return _in(STABLE[row["stable"]], language) if row["n"] else "–"
    if name == "reasons":
        return ", ".join(_in(REASONS[reason], language) for reason in row["reasons"])
    value = row[name]
    return "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _in(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en
