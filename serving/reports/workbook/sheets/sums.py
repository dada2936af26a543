"""What each indicator adds up before its ratio is taken: sums of inputs, counts, lowest and fewest."""

from __future__ import annotations

from typing import NamedTuple

from qm_rules.words import Words
from serving.reports.workbook.arithmetic import LIMIT


class Sentence(NamedTuple):
    """An intermediate result: its part of the name, label, formula, look and explanation."""

    part: str
    label: Words
    formula: str
    look: str
    how: Words


SUMS: dict[str, tuple[Sentence, ...]] = {
    "sigma": (
        Sentence(
            "UNITS",
            Words("交付数合计", "units delivered"),
            "SUM(zy_deliveries_units)",
            "count",
            Words("Σ 交付数", "Σ units"),
        ),
        Sentence(
            "NONCONFORMING",
            Words("不合格数合计", "nonconforming units"),
            "SUM(zy_deliveries_nonconforming)",
            "count",
            Words("Σ 不合格数", "Σ nonconforming"),
        ),
    ),
    "cpk": (
        Sentence(
            "LISTED",
            Words("列出的特性", "characteristics listed"),
            "COUNTIF(zy_capability_check,1)",
            "count",
            Words("行数", "rows"),
        ),
        Sentence(
            "MARKED",
            Words("标为关键", "marked key"),
            "SUM(zy_capability_marked)",
            "count",
            Words("都未标时全部参与", "all take part if none is marked"),
        ),
        Sentence(
            "GRADED",
            Words("参与评价", "graded"),
            "SUM(zy_capability_graded)",
            "count",
            Words("关键特性,或全部", "the key ones, or all"),
        ),
        Sentence(
            "LACKING",
            Words("其中缺 Cpk", "of these without a Cpk"),
            "SUM(zy_capability_lacking)",
            "count",
            Words("有一个即为未做统计", "one makes it not tracked"),
        ),
        Sentence(
            "LOWEST",
            Words("最低的 Cpk", "lowest Cpk"),
            'IF(COUNT(zy_capability_value)=0,"",MIN(zy_capability_value))',
            "number",
            Words("参与评价者取最低", "the lowest of those graded"),
        ),
        Sentence(
            "FEWEST",
            Words("最少的数值个数", "fewest values"),
            'IF(COUNT(zy_capability_size)=0,"",MIN(zy_capability_size))',
            "count",
            Words("少于口径 min_values 则不予采信", "fewer than the policy min_values: inadmissible"),
        ),
        Sentence(
            "UNSTABLE",
            Words("不稳定的特性", "unstable"),
            "SUM(zy_capability_unstable)",
            "count",
            Words("有一个即不予采信", "one makes it inadmissible"),
        ),
    ),
    "ftq": (
        Sentence(
            "ROWS",
            Words("工序行数", "process rows"),
            "COUNTIF(zy_first_pass_check,1)",
            "count",
            Words("见首次交验页", "see First pass"),
        ),
        Sentence(
            "PRODUCTS",
            Words("产品数", "products"),
            "COUNT(zy_products_number)",
            "count",
            Words("见分产品页", "see Products"),
        ),
        Sentence(
            "STARTED",
            Words("首道工序投入合计", "units started"),
            "SUM(zy_products_started)",
            "count",
            Words("权重之和", "the sum of the weights"),
        ),
        Sentence(
            "WEIGHTED",
            Words("Σ 投入×合格率", "Σ weight × yield"),
            "SUM(zy_products_weighted)",
            "number",
            Words("各产品的投入数×全过程合格率", "units started × yield of each product"),
        ),
        Sentence(
            "WORST",
            Words("最差产品的合格率", "yield of the worst product"),
            'IF(COUNT(zy_products_rate)=0,"",MIN(zy_products_rate))',
            "rate",
            Words("仅供参考,不参与评价", "shown beside; it decides nothing"),
        ),
        Sentence(
            "SHORT",
            Words("可用整数连乘", "whole products fit"),
            f"IF(ZY_FTQ_PRODUCTS=1,IF(INDEX(zy_products_submitted,1)<{LIMIT:.0E},1,0),0)",
            "tick",
            Words("只有一个产品且连乘小于 10^14", "one product, and its product below 10^14"),
        ),
    ),
}
LOSS_SUMS = (
    Sentence(
        "TOTAL",
        Words("损失合计", "losses"),
        "SUM(zy_{family}_amount)",
        "money",
        Words("Σ 各类金额", "Σ amounts"),
    ),
    Sentence(
        "FINER",
        Words("超过两位小数的金额", "amounts finer than 0.01"),
        "SUM(zy_{family}_finer)+ZY_OUTPUT_FINER",
        "count",
        Words("为 0 时按分(0.01 元)取整计算", "0: counted in whole hundredths"),
    ),
)
