"""The steps of each indicator, from sums of input cells to the ratio that is compared and its value.

Named cells carry the results (`ZY_SIGMA_UNITS`, …), so a formula reads like the sentence beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from qm_rules.words import Words
from serving.reports.workbook.arithmetic import CPK_DECIMALS, HUNDRED, LIMIT, MILLION
from serving.reports.workbook.captions import SEE_CHECK
from serving.reports.workbook.figures import Figure
from serving.reports.workbook.sheets.sums import LOSS_SUMS, SUMS
from serving.reports.workbook.values import Value


class Step(NamedTuple):
    """One line of the calculation: the named cell, what it is, its formula, its result and how it arises."""

    name: str
    label: Words
    formula: str
    value: Value
    look: str
    how: Words


STATUS = {
    "sigma": 'IF(OR(COUNTIF(zy_deliveries_check,-1)>0,ZY_SIGMA_UNITS=0),"not_supplied","measured")',
    "cpk": (
        'IF(COUNTIF(zy_capability_check,-1)>0,"not_supplied",IF(ZY_CPK_LISTED=0,'
        'IF(ZY_CAPABILITY_EMPTY_MEANS="not_tracked","not_tracked","not_supplied"),'
        'IF(ZY_CPK_LACKING>0,"not_tracked",'
        'IF(OR(ZY_CPK_FEWEST<ZY_POLICY_MIN_VALUES,ZY_CPK_UNSTABLE>0),"inadmissible","measured"))))'
    ),
    "ftq": (
        "IF(OR(COUNTIF(zy_first_pass_check,-1)>0,ZY_FTQ_PRODUCTS=0,"
        'SUM(zy_products_stages)<>SUM(zy_first_pass_head)),"not_supplied","measured")'
    ),
}
LOSS_STATUS = (
    'IF(ZY_{tag}_TRACKED_CHECK<>1,"not_supplied",IF(NOT(ZY_{tag}_TRACKED),"not_tracked",'
    "IF(OR(COUNTIF(zy_{family}_check,-1)>0,COUNTIF(zy_{family}_check,1)=0,ZY_OUTPUT_CHECK<>1),"
    '"not_supplied","measured")))'
)
HAS = {"cpk": 'OR(ZY_CPK_STATUS="measured",ZY_CPK_STATUS="inadmissible")'}
IN_MILLIONTHS = f"ROUND(ZY_CPK_LOWEST,{CPK_DECIMALS})=ZY_CPK_LOWEST"
RATIO = {
    "sigma": ("ZY_SIGMA_NONCONFORMING", "ZY_SIGMA_UNITS", "TRUE"),
    "cpk": (
        f"IF({IN_MILLIONTHS},ROUND(ZY_CPK_LOWEST*{MILLION},0),ZY_CPK_LOWEST)",
        f"IF({IN_MILLIONTHS},{MILLION},1)",
        IN_MILLIONTHS,
    ),
    "ftq": (
        "IF(ZY_FTQ_SHORT=1,INDEX(zy_products_passed,1),ZY_FTQ_WEIGHTED/ZY_FTQ_STARTED)",
        "IF(ZY_FTQ_SHORT=1,INDEX(zy_products_submitted,1),1)",
        "ZY_FTQ_SHORT=1",
    ),
}
LOSS_RATIO = (
    f"IF({{cell}}_FINER=0,ROUND({{cell}}_TOTAL*{HUNDRED},0),{{cell}}_TOTAL)",
    f"IF({{cell}}_FINER=0,ROUND(ZY_OUTPUT*{HUNDRED},0),ZY_OUTPUT)",
    "{cell}_FINER=0",
)
LOOK = {"sigma": "number", "cpk": "number", "ftq": "rate", "internal_loss": "rate", "external_loss": "rate"}
HOW = {
    "sigma": Words("不合格数×10⁶÷交付数", "nonconforming × 10⁶ ÷ units"),
    "cpk": Words("最低的 Cpk", "the lowest Cpk"),
    "ftq": Words("Σ(投入×合格率)÷Σ 投入", "Σ (weight × yield) ÷ Σ weight"),
    "internal_loss": Words("损失合计÷总产值", "losses ÷ output value"),
    "external_loss": Words("损失合计÷总产值", "losses ÷ output value"),
}


def steps_of(figure: Figure) -> list[Step]:
    """Return the steps of an indicator in their order."""
    name, parts = figure.name, figure.parts
    family = name.removesuffix("_loss")
    sums = SUMS.get(name) or LOSS_SUMS
    first = [
        Step(figure.cell(s.part), s.label, s.formula.format(family=family), parts[s.part], s.look, s.how)
        for s in sums
    ]
    status = STATUS.get(name) or LOSS_STATUS.format(tag=family.upper(), family=family)
    how = Words("由输入是否齐备、合规而定", "from what was supplied, and whether it is sound")
    found = Step(figure.cell("STATUS"), Words("统计状态", "status"), status, figure.status, "middle", how)
    return [*first, found, *_ratio(figure)]


def _ratio(figure: Figure) -> list[Step]:
    """Return the steps from numerator and denominator to the value."""
    cell = f"ZY_{figure.name.upper()}"
    has = HAS.get(figure.name, f'{cell}_STATUS="measured"')
    over, under, whole = (part.format(cell=cell) for part in RATIO.get(figure.name) or LOSS_RATIO)
    ratio, none = figure.ratio, (None, None, False)
    values = (ratio.numerator, ratio.denominator, ratio.whole) if ratio else none
    scale = MILLION if figure.name == "sigma" else 1
    return [
        Step(
            f"{cell}_NUMERATOR",
            Words("分子", "numerator"),
            f'IF({has},{over},"")',
            values[0],
            "number",
            Words("比较用的分子", "what is compared"),
        ),
        Step(
            f"{cell}_DENOMINATOR",
            Words("分母", "denominator"),
            f'IF({has},{under},"")',
            values[1],
            "number",
            Words("比较用的分母", "and what it is divided by"),
        ),
        Step(
            f"{cell}_WHOLE",
            Words("分子分母为精确整数", "both are exact whole numbers"),
            f"IF({has},AND({cell}_ROUNDED=0,{whole}),FALSE)",
            values[2],
            "truth",
            Words(
                f"且没有超过 15 位有效数字的输入(签发时 {figure.rounded} 个)",
                f"and no input has more than 15 digits (as issued: {figure.rounded})",
            ),
        ),
        Step(
            f"{cell}_VALUE",
            Words("数值", "value"),
            f'IF({has},{cell}_NUMERATOR*{scale}/{cell}_DENOMINATOR,"")',
            figure.value,
            LOOK[figure.name],
            HOW[figure.name],
        ),
        Step(
            f"{cell}_EXACT",
            Words("最简分数", "exact, in lowest terms"),
            _lowest_terms(cell, scale),
            figure.shown_exact,
            "middle",
            Words("与规则输出的 exact 相同", "the same as `exact` in the rules' answer"),
        ),
    ]


def _lowest_terms(cell: str, scale: int) -> str:
    over, under = f"{cell}_NUMERATOR*{scale}", f"{cell}_DENOMINATOR"
    common = f"GCD(ABS({over}),{under})"
    fits = f"IF({cell}_WHOLE,MAX(ABS({over}),{under})<{LIMIT:.0E},FALSE)"
    text = f'TEXT({over}/{common},"0")&"/"&TEXT({under}/{common},"0")'
    return f'IF({cell}_NUMERATOR="","",IF({fits},{text},"{SEE_CHECK}"))'
