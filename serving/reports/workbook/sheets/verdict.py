"""结论 Verdict: the grade at a glance, what it rests on, and where to look."""

from __future__ import annotations

from qm_rules import Grade
from qm_rules.words import Words
from serving.reports.workbook.book import HIGHEST, Book, Sheet
from serving.reports.workbook.captions import INDICATOR_STATUS, NOTES, both, caption, chosen
from serving.reports.workbook.figures import Figures
from serving.reports.workbook.places import TITLES
from serving.reports.workbook.sheets.aggregation import SEPARATOR, verdict_text
from serving.reports.workbook.sheets.check import outcome
from serving.reports.workbook.sheets.policies import LIVE
from serving.reports.workbook.sheets.thresholds import UNITS

WIDTH = 6
TITLE = Words("制造业企业质量管理能力等级 计算簿", "Workbook of the quality management capability grade")
INDICATOR_HEADS = (
    Words("指标", "indicator"),
    Words("等级", "level"),
    Words("数值", "value"),
    Words("单位", "unit"),
    Words("统计状态", "status"),
    Words("最简分数", "exact, in lowest terms"),
)
CONTENTS = {
    "deliveries": Words("输入:交付与不合格", "input: units delivered"),
    "first_pass": Words("输入:各工序首次交验", "input: first submissions"),
    "capability": Words("输入:特性与 Cpk", "input: characteristics"),
    "losses": Words("输入:损失金额与产值", "input: losses and output"),
    "management": Words("输入:管理项等级", "input: management items"),
    "window": Words("输入:窗口与缺月", "input: months"),
    "policies": Words("输入:口径", "input: other readings"),
    "calculation": Words("五项指标逐步计算", "the indicators step by step"),
    "products": Words("各产品全过程合格率", "yield of each product"),
    "thresholds": Words("阈值、条款与原文", "thresholds, clauses, quotes"),
    "wording": Words("管理项各级表述", "the annex's words for items"),
    "aggregation": Words("各项到维度到等级", "items, dimensions, grade"),
    "readings": Words("各种读法的等级", "level by every reading"),
    "gaps": Words("到更高等级的差距", "what higher levels need"),
    "check": Words("与精确规则比对", "against the exact rules"),
}
LEGEND = Words(
    "各页(黄色单元格为输入,可修改;其余为公式)", "Pages (yellow cells are inputs and may be changed)"
)
WINDOW = 'INDEX(zy_window,1)&" – "&INDEX(zy_window,2)'


def write_verdict(book: Book, grade: Grade, figures: Figures) -> None:
    """Write the page; call it after all others, whose results it shows."""
    sheet, pack = book.sheet("verdict"), grade.book.pack
    english = f"under {pack.english(pack.document)}, {pack.english(pack.annex)}"
    sheet.heading(TITLE, Words(f"依据 {pack.document}《{pack.title}》{pack.annex}", english))
    sheet.columns(44, 15, 22, 15, 24, 36)
    row = _identity(sheet, grade, 4)
    for part in (_grade, _dimensions, _indicators, _check):
        row = part(sheet, grade, figures, row) + 1
    for rest in (_policies, _notes, _basis):
        row = rest(sheet, grade, row) + 1
    _contents(sheet, row)
    sheet.page.fit_to_pages(1, 1)
    sheet.page.set_portrait()
    sheet.page.activate()


def _identity(sheet: Sheet, grade: Grade, row: int) -> int:
    window = grade.evidence.document["window"]
    sheet.page.set_row(row, 24)
    sheet.put(row, 0, "企业 Enterprise", "label")
    sheet.band(row, 1, 2, grade.enterprise_id, "text")
    sheet.put(row, 3, "窗口 Window", "label")
    sheet.band(row, 4, 2, "", "text")
    shown = f"{window['start']} – {window['end']}"
    sheet.live(row, 4, WINDOW, shown, "text")
    return row + 1


def _grade(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> int:
    sheet.page.set_row(row, 60)
    sheet.band(row, 0, WIDTH, "", "huge")
    sheet.live(row, 0, "ZY_VERDICT", verdict_text(grade, figures), "huge")
    for level in range(1, HIGHEST + 1):
        form = sheet.book.looks.of_level(level)
        rule = {"type": "formula", "criteria": f"=ZY_AT_MOST={level}", "format": form}
        sheet.page.conditional_format(sheet.place(row, 0).to(1, WIDTH).here, rule)
    names = [both(grade.book.pack.words(name)) for name, own in figures.own.items() if own == figures.at_most]
    sheet.tall(row + 1, 4)
    sheet.put(row + 1, 0, "制约项 Binding", "label")
    sheet.band(row + 1, 1, WIDTH - 1, "", "text")
    sheet.live(row + 1, 1, "ZY_BINDING", SEPARATOR.join(names), "text")
    return row + 2


def _dimensions(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> int:
    sheet.head([Words("维度", "dimension"), Words("等级", "level")], row)
    sheet.band(row, 2, WIDTH - 2, "由何评定\njudged by", "head")
    for name, members in grade.book.members.items():
        row += 1
        sheet.tall(row, 3 if len(members) > 3 else 2)
        sheet.put(row, 0, both(grade.book.pack.words(name), "\n"), "label")
        place = sheet.live(row, 1, f"ZY_DIMENSION_{name.upper()}", figures.dimensions[name], "level")
        sheet.colour_levels(place.to(1))
        said = [grade.book.pack.words(member) for member in members]
        text = f"{SEPARATOR.join(words.zh for words in said)}\n{'; '.join(words.en for words in said)}"
        sheet.band(row, 2, WIDTH - 2, text, "text")
    return row + 1


def _indicators(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> int:
    sheet.head(INDICATOR_HEADS, row)
    for name in grade.indicators:
        row += 1
        figure = figures.of(name)
        unit = UNITS[grade.book.pack.indicators[name].unit]
        sheet.tall(row)
        sheet.put(row, 0, both(grade.book.pack.words(name), "\n"), "label")
        place = sheet.live(row, 1, figure.cell("LEVEL"), figure.level, "level")
        sheet.colour_levels(place.to(1))
        sheet.live(
            row, 2, _or_nothing(figure.cell("VALUE")), figure.value, "rate" if unit == "%" else "number"
        )
        sheet.put(row, 3, unit, "middle")
        said = both(INDICATOR_STATUS[figure.status])
        sheet.live(row, 4, chosen(figure.cell("STATUS"), INDICATOR_STATUS), said, "middle")
        sheet.live(row, 5, _or_nothing(figure.cell("EXACT")), figure.shown_exact, "middle")
    return row + 1


def _or_nothing(cell: str) -> str:
    return f'IF({cell}="","",{cell})'


def _check(sheet: Sheet, grade: Grade, figures: Figures, row: int) -> int:
    """Write the check block: what is recomputed here, what the rules said, and whether both agree."""
    sheet.head([Words("重算等级", "recomputed level"), Words("规则的等级", "by the rules")], row)
    sheet.band(row, 2, WIDTH - 2, "校核\ncheck", "head")
    row += 1
    sheet.tall(row, 2)
    level = figures.level or f"≤ {figures.at_most}"
    recomputed = sheet.live(row, 0, 'IF(ZY_LEVEL="","≤ "&ZY_AT_MOST,ZY_LEVEL)', level, "large")
    rules = sheet.place(row, 1)
    sheet.put(row, 1, grade.level or f"≤ {grade.at_most}", "large")
    sheet.book.define("ZY_LEVEL_OF_THE_RULES", rules)
    sheet.band(row, 2, WIDTH - 2, "", "large")
    said = sheet.live(row, 2, "ZY_CHECK", outcome(grade, figures), "large").to(1, WIDTH - 2)
    sheet.colour_levels(recomputed.to(1, 2))
    sheet.colour_where(said, "OR(ZY_FAULTS>0,ZY_CHANGED>0,ZY_AGREES=0)", "bad")
    sheet.colour_where(said, "ZY_AGREES=1", "good")
    return row + 1


def _policies(sheet: Sheet, grade: Grade, row: int) -> int:
    sheet.head([Words("口径", "policy"), Words("采用", "in use")], row)
    sheet.band(row, 2, WIDTH - 2, "在“口径”页换一种读法\nchoose another reading on the page Policies", "head")
    for name in LIVE:
        row += 1
        setting = grade.book.pack.policies[name]
        value = grade.book.policy[name]
        sheet.put(row, 0, both(setting.title), "label")
        held = value if setting.range is None else int(value)
        sheet.live(row, 1, f"ZY_POLICY_{name.upper()}", held, "middle")
        sheet.band(row, 2, WIDTH - 2, setting.why, "text")
    return row + 1


def _notes(sheet: Sheet, grade: Grade, row: int) -> int:
    sheet.band(row, 0, WIDTH, "附注(签发时) Notes as issued")
    for note in grade.notes:
        row += 1
        name = note.get("indicator")
        where = " ".join(str(value) for key, value in note.items() if key not in ("code", "indicator"))
        said = both(caption(NOTES, str(note["code"]))).format(**grade.book.policy)
        sheet.put(row, 0, both(grade.book.pack.words(name)) if name else "", "label")
        sheet.band(row, 1, WIDTH - 1, f"{said} {where}".strip(), "text")
    if not grade.notes:
        row += 1
        sheet.band(row, 0, WIDTH, "无 none", "text")
    return row + 1


def _basis(sheet: Sheet, grade: Grade, row: int) -> int:
    pack = grade.book.pack
    sheet.band(row, 0, WIDTH, "依据 Basis")
    policies = "; ".join(f"{key}={value}" for key, value in grade.book.policy.items())
    lines = (
        (Words("文件", "document"), f"{pack.document}《{pack.title}》 {pack.issued}"),
        (Words("规则包", "rule pack"), pack.id),
        (Words("规则包 SHA-256", "of the rule pack"), pack.sha256),
        (Words("证据 SHA-256", "of the evidence"), grade.evidence.sha256),
        (Words("签发口径", "policies as issued"), policies),
        (Words("语言", "language"), both(pack.governs, "\n")),
    )
    for label, text in lines:
        row += 1
        sheet.put(row, 0, both(label), "label")
        sheet.tall(row, 2 if len(text) > 100 or "\n" in text else 1)
        sheet.band(row, 1, WIDTH - 1, text, "code")
    return row + 1


def _contents(sheet: Sheet, row: int) -> None:
    sheet.band(row, 0, WIDTH, both(LEGEND))
    half = (len(CONTENTS) + 1) // 2
    for offset, (key, said) in enumerate(CONTENTS.items()):
        line, side = row + 1 + offset % half, 3 * (offset // half)
        look = sheet.book.looks["link"]
        sheet.band(line, side, 1 + side // 3, "", "link")
        sheet.page.write_url(line, side, f"internal:'{TITLES[key]}'!A1", look, TITLES[key])
        first = side + 1 + side // 3
        sheet.band(line, first, 2 if side == 0 else 1, both(said), "text")
