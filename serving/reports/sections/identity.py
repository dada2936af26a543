"""Who declares, for which months, by which document."""

from __future__ import annotations

from qm_rules.trace import phrases
from qm_rules.words import Words, label
from serving.reports.blocks import Block, Cell, Column, Heading, Table, Text
from serving.reports.facts import Facts
from serving.reports.speech import NONE, Speech

HEADING = Words("一、企业与评价依据", "1. The enterprise and what it is judged by")
NAME, ID = Words("企业名称", "Name"), Words("企业编号", "Enterprise id")
USCC = Words("统一社会信用代码", "Unified social credit code")
REGION, INDUSTRY = (
    Words("所在地区(GB/T 2260)", "Region (GB/T 2260)"),
    Words("行业(GB/T 4754)", "Industry (GB/T 4754)"),
)
SIZE, CHAIN = Words("企业规模", "Size"), Words("所属产业链", "Industrial chain")
SIZES = {
    "large": Words("大型", "large"),
    "medium": Words("中型", "medium"),
    "small": Words("小型", "small"),
    "micro": Words("微型", "micro"),
}
SINCE = Words("贯标日期", "Standard implemented since")
DOCUMENT, ANNEX = Words("依据文件", "Document"), Words("评价依据附件", "Annex")
ISSUERS, ISSUED = Words("发文机关", "Issued by"), Words("发文日期", "Issued on")
FILE_ONLY = Words(
    "本文件依据证据文件编制,证据文件不含企业名称、地区等登记信息;空白处由企业如实填写。",
    "This document rests on an evidence file, which has no name, region or other particulars; "
    "the enterprise fills in what is left blank.",
)


def identity(facts: Facts, say: Speech) -> list[Block]:
    """Return the particulars of the enterprise, the window and the edition."""
    blocks: list[Block] = [Heading(say(HEADING)), _enterprise(facts, say), _basis(facts, say)]
    blocks.append(Text(say(facts.trace.governs), "note"))
    return blocks if facts.capability is not None else [*blocks, Text(say(FILE_ONLY), "note")]


def _enterprise(facts: Facts, say: Speech) -> Table:
    row = facts.enterprise
    size, since = row.get("size"), row.get("standard_since")
    pairs = [
        (NAME, row.get("name")),
        (ID, row["enterprise_id"]),
        (USCC, row.get("uscc")),
        (SIZE, say(SIZES[size]) if size in SIZES else size),
        (REGION, row.get("region_code")),
        (INDUSTRY, row.get("industry_code")),
        (CHAIN, row.get("chain")),
        (SINCE, say.day(since) if since else None),
    ]
    found = [(say(name), shown(value)) for name, value in pairs]
    rows = tuple(
        (Cell(one[0]), Cell(one[1]), Cell(other[0]), Cell(other[1]))
        for one, other in zip(found[::2], found[1::2], strict=True)
    )
    return Table((Column("", 1.15), Column("", 1.75), Column("", 1.15), Column("", 1.35)), rows)


def shown(value: object) -> str:
    """Return what the plant wrote, on one line and not endless, a dash for nothing."""
    return label(str(value), 120) if value not in (None, "") else NONE


def _basis(facts: Facts, say: Speech) -> Table:
    pack, window = say.pack, facts.grade.evidence.document["window"]
    between = ", " if say.language == "en" else "、"
    rows = [
        (phrases.WINDOW, say.span(window["start"], window["end"])),
        (DOCUMENT, f"{say(pack.said(pack.document))} {quoted(say, pack.title)}"),
        (ANNEX, quoted(say, pack.annex)),
        (ISSUERS, between.join(say(pack.said(issuer)) for issuer in pack.issuers)),
        (ISSUED, say.day(pack.issued)),
        (phrases.EDITION, f"{pack.id} {pack.sha256}"),
        (phrases.EVIDENCE, facts.grade.evidence.sha256),
    ]
    return Table(
        (Column("", 1.0), Column("", 3.7)), tuple((Cell(say(name)), Cell(value)) for name, value in rows)
    )


def quoted(say: Speech, title: str) -> str:
    """Return the title of a document as it is quoted."""
    words = say.pack.said(title)
    return f"“{words.en}”" if say.language == "en" else f"《{words.zh}》"
