"""Annex B: how anybody can repeat this grade from the same evidence."""

from __future__ import annotations

from qm_rules.trace import phrases
from qm_rules.words import Words
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.speech import Speech

HEADING = Words("附录 B 复核方法", "Annex B. How to repeat this grade")
HOW = Words(
    "取得本声明所依据的证据文件(JSON),用评价工具运行下列命令;输出的等级、各项数值、规则版本与证据的 SHA-256 "
    "应与本文件完全一致。等级只取决于证据、规则版本和口径,不取决于时间、机器和任何预测模型。",
    "Take the evidence file (JSON) on which this declaration rests and run the command below; the level,"
    " every value and "
    "the SHA-256 of edition and evidence must be those of this document. The level depends on evidence, "
    "edition and "
    "readings alone, not on the time, the machine or any forecasting model.",
)
FILE = Words("证据文件.json", "EVIDENCE.json")
OUT = Words("自我声明.pdf", "declaration.pdf")
ATTACHED = Words(
    "本声明的 PDF 版内嵌该证据文件与评价结果(附件 evidence.json、grade.json)。",
    "The PDF of this declaration carries that evidence file and the result (evidence.json, grade.json).",
)
HASHED = Words(
    "证据的 SHA-256 取自规范化的证据:键排序、行按编号排序、UTF-8、无空格、无换行。",
    "The SHA-256 of the evidence is taken over its canonical form: keys sorted, rows sorted by id, "
    "UTF-8, no spaces, "
    "no line feed.",
)
ENTERPRISE = Words("企业编号", "Enterprise id")
MONTHS = Words("窗口", "Window")


def checking(facts: Facts, say: Speech) -> list[Block]:
    """Return the commands and the hashes that they must give."""
    grade = facts.grade
    window = grade.evidence.document["window"]
    defaults = say.pack.policy
    options = "".join(
        f" --policy {name}={value}" for name, value in grade.book.policy.items() if value != defaults[name]
    )
    edition = f" --edition {say.pack.id}"
    rows = [
        (ENTERPRISE, grade.enterprise_id),
        (MONTHS, f"{window['start']} – {window['end']}"),
        (phrases.EVIDENCE, grade.evidence.sha256),
        (phrases.EDITION, f"{say.pack.id} {say.pack.sha256}"),
    ]
    return [
        Heading(say(HEADING)),
        Text(say(HOW)),
        Text(f"zhuoyue grade --evidence {say(FILE)}{edition}{options}", "code"),
        Text(f"zhuoyue report --evidence {say(FILE)}{options} --out {say(OUT)}", "code"),
        Table(
            (Column("", 1.2), Column("", 4)), tuple((Cell(say(name)), Cell(value)) for name, value in rows)
        ),
        Text(say(ATTACHED), "note"),
        Text(say(HASHED), "note"),
    ]
