"""口径 Policies: the decisions where the document is silent; those that take part may be changed here."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.pack.policy import Setting
from qm_rules.words import Words
from serving.reports.workbook.book import Book, Sheet
from serving.reports.workbook.captions import both
from serving.reports.workbook.places import FIRST

LIVE = ("aggregation", "level2_loss", "sigma_method", "min_values")
HEADS = (
    Words("口径", "policy"),
    Words("字段", "field"),
    Words("采用", "in use"),
    Words("校验", "sound"),
    Words("本版默认", "default"),
    Words("可选", "allowed"),
    Words("理由", "why"),
    Words("决定日期", "decided"),
)
AMONG = 'IF({cell}="",-1,IF(OR({among}),1,-1))'
BETWEEN = "IF(ISNUMBER({cell}),IF(AND({cell}=INT({cell}),{cell}>={low},{cell}<={high}),1,-1),-1)"


def write_policies(book: Book, grade: Grade) -> None:
    """Write the page."""
    sheet = book.sheet("policies")
    sheet.is_input()
    sheet.heading(
        Words("口径", "Policies"),
        Words(
            "文件未作规定之处由本项目决定。黄色单元格可换一种读法,等级随之重算;其余口径不参与本簿的计算。",
            "Decisions of this project where the document is silent. Choose another reading in a yellow cell "
            "and the level follows; the others take no part in this workbook.",
        ),
    )
    sheet.columns(34, 18, 18, 9, 12, 74, 44, 13)
    sheet.head(HEADS)
    for position, setting in enumerate(grade.book.pack.policies.values()):
        _line(sheet, setting, grade.book.policy[setting.name], FIRST + position)
    count = len(grade.book.pack.policies)
    book.define("zy_policies_check", sheet.place(FIRST, 3).to(count))
    sheet.keep_head()


def _line(sheet: Sheet, setting: Setting, value: str, row: int) -> None:
    sheet.tall(row, 2 * max(1, len(setting.choices)))
    sheet.put(row, 0, both(setting.title, "\n"), "label")
    sheet.put(row, 1, setting.name, "code")
    _value(sheet, setting, value, row)
    sheet.put(row, 4, setting.default, "given_middle")
    sheet.put(row, 5, _allowed(setting), "given")
    sheet.put(row, 6, setting.why, "given")
    sheet.put(row, 7, setting.decided, "given_middle")


def _value(sheet: Sheet, setting: Setting, value: str, row: int) -> None:
    if setting.name not in LIVE:
        sheet.put(row, 2, value, "given_middle")
        sheet.put(row, 3, None, "text")
        return
    place = sheet.place(row, 2)
    sheet.book.define(f"ZY_POLICY_{setting.name.upper()}", place)
    held = value if setting.range is None else int(value)
    sheet.inputs(place, [[held]], ["input_choice"], "policies")
    if setting.range is None:
        sheet.allow(place.to(1), validate="list", source=list(setting.choices), ignore_blank=False)
        among = ",".join(f'{place.here}="{choice}"' for choice in setting.choices)
        sheet.live(row, 3, AMONG.format(cell=place.here, among=among), 1, "tick")
        return
    low, high = setting.range
    sheet.allow(place.to(1), validate="integer", criteria="between", minimum=low, maximum=high)
    sheet.live(row, 3, BETWEEN.format(cell=place.here, low=low, high=high), 1, "tick")


def _allowed(setting: Setting) -> str:
    if setting.range is not None:
        return "{}–{}".format(*setting.range)
    return "\n".join(f"{choice}: {both(meaning)}" for choice, meaning in setting.choices.items())
