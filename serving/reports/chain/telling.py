"""What every part is handed: the study, names, the language, and words for what several parts speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.chains import Study
from models.chains.mending import Amount, Mended
from models.chains.study import reached, shielded_mended, told_of
from qm_rules.words import Words, label
from serving.reports.proposal import estimates
from serving.reports.speech import NONE, Speech

Row = Mapping[str, Any]
PPM = Words("交付不合格率(ppm)", "nonconforming deliveries (ppm)")
NAME = 18
SOURCES = {
    "grade": Words("官方评价窗口记录，至{period}", "official window of records up to {period}"),
    "assessment": Words("自评或评审记录，至{period}", "assessment on record, {period}"),
    "deliveries": Words("交付记录，至{period}", "deliveries up to {period}"),
    "inspections": Words("首次检验批次记录，至{period}", "first inspections of lots up to {period}"),
    "forecast": Words("模型预测，起点{period}", "the model's forecast from {period}"),
    "effect_model": Words("效应模型(已发布)", "the effect model, as published"),
    "slope": Words("供应关系传导估计", "what arrives over all links"),
}
IN_BRACKETS = Words("（{text}）", "({text})")


@dataclass(frozen=True)
class Telling:
    """One study in one language; `rows` are those of `enterprises` by id, the version that of the outlook."""

    study: Study
    rows: Mapping[str, Row]
    say: Speech
    model_version: str = ""

    def name(self, enterprise_id: str, most: int = NAME) -> str:
        """Return the name of an enterprise, its id where it has none."""
        return label(str(self.rows.get(enterprise_id, {}).get("name") or enterprise_id), most * 3)

    def names(self, ids: Sequence[str], most: int = 3) -> str:
        """Return some names and how many more."""
        shown = ("、" if self.say.language == "zh" else ", ").join(self.name(one) for one in ids[:most])
        rest = len(ids) - most
        if rest <= 0:
            return shown
        return f"{shown} 等 {len(ids)} 家" if self.say.language == "zh" else f"{shown} and {rest} more"

    def indicator(self, name: str) -> str:
        """Return the official name of an indicator, or of the target that stands for one."""
        return self.say(PPM) if name == "ppm" else self.say.name(name)

    def money(self, found: Amount | None) -> str:
        """Return CNY with its 90 % interval; without one where it is on record; a dash for none."""
        if found is None:
            return NONE
        if found.low == found.high:
            return estimates.money(found.estimate, self.say)
        return estimates.money_estimate(found.estimate, found.low, found.high, self.say)

    def brief(self, found: Amount | None) -> str:
        """Return the same in two short lines, for a cell: the estimate, and its interval in brackets."""
        if found is None or found.low == found.high:
            return self.money(found)
        span = self.say.fill(IN_BRACKETS, text=estimates.money_span(found.low, found.high, self.say))
        return soft(f"{estimates.money(found.estimate, self.say)}\n{span}")

    def cny(self, amount: float | None) -> str:
        """Return CNY in the unit in which people speak."""
        return estimates.money(amount, self.say)

    def source(self, code: str, period: str) -> str:
        """Return where a figure comes from."""
        return self.say.fill(SOURCES[code], period=self.say.month(period) if period else NONE)

    def halved(self) -> list[tuple[str, Mended]]:
        """Return the suppliers with what halving their nonconforming deliveries gives, the best first.

        Where money may not be told of one of them, the order is that of the shares.
        """
        study = self.study
        everybody = [*study.ids, *study.suppliers]
        told = reached(study.chains, everybody)
        found = {
            name: shielded_mended(one, name, study.details, told)
            for name, one in study.chains.mended(everybody).items()
            if one.customers
        }
        whole = all(told_of(name, study.details, told) for name in found)

        def worth(pair: tuple[str, Mended]) -> tuple[float, str]:
            one = pair[1]
            shared = one.eased.estimate * one.customers if one.eased else 0.0
            saved = one.saved.estimate if one.saved else 0.0
            return -(saved if whole else shared), pair[0]

        return sorted(found.items(), key=worth)


def soft(text: str) -> str:
    """Return a text that may break at any space: cells are narrow."""
    return text.replace(estimates.HARD_SPACE, " ")
