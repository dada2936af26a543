"""The declaration itself: what the enterprise stands for, and where it signs."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Heading, Signature, Text
from serving.reports.facts import Facts
from serving.reports.sections.identity import quoted, shown
from serving.reports.speech import Speech

HEADING = Words("八、声明与签署", "8. Declaration and signature")
DECLARED = {
    "final": Words(
        "本企业依据{document}{annex},对 {span} 的质量管理能力进行了自我评价,现声明:"
        "本企业质量管理能力等级为{level}。",
        "On the basis of {document}, {annex}, this enterprise has assessed its quality management "
        "capability for {span} "
        "and declares that it is at the level {level}.",
    ),
    "provisional": Words(
        "本企业依据{document}{annex},对 {span} 的质量管理能力进行了自我评价,现声明:"
        "本企业质量管理能力等级暂定为{level};"
        "该等级为暂定结论,缺失的数据补齐后须重新评价。",
        "On the basis of {document}, {annex}, this enterprise has assessed its quality management "
        "capability for {span} "
        "and declares that it is, provisionally, at the level {level}; it is to be assessed again once "
        "the missing "
        "data are there.",
    ),
}
RESPONSIBLE = (
    Words(
        "本企业对所提供记录、证据和评定意见的真实性、准确性和完整性负责,并承担由此产生的法律责任。",
        "This enterprise answers for the truth, accuracy and completeness of the records, the evidence "
        "and the "
        "assessments supplied, and bears the legal consequences.",
    ),
    Words(
        "本等级由既定规则对证据计算得出,计算过程见附录 A,任何人可按附录 B "
        "的方法用同一证据复核并得到同一结果。",
        "The level follows from the evidence by fixed rules; annex A shows how, and anybody can repeat "
        "it from the same "
        "evidence as annex B says, with the same result.",
    ),
    Words(
        "本声明是企业的自我声明,不是主管部门或第三方机构颁发的证书;证据发生变化时,"
        "本企业将重新评价并更新声明。",
        "This is the enterprise's own declaration, not a certificate of an authority or a third party; "
        "when the evidence "
        "changes, the enterprise will assess itself again and renew the declaration.",
    ),
)
DRAFT = Words(
    "本文件为草稿:证据不完整,不能得出等级,不得签署、盖章或对外发布。补齐未提供的内容后重新编制。",
    "This is a draft: the evidence is incomplete and gives no level. It must not be signed, sealed or "
    "published. "
    "Supply what is lacking and make the document again.",
)
LINES = (
    Words("企业名称", "Enterprise"),
    Words("法定代表人(签字)", "Legal representative (signature)"),
    Words("质量负责人(签字)", "Head of quality (signature)"),
    Words("声明日期", "Date of declaration"),
)
SEAL = Words("(企业盖章处)", "(company seal)")


def signing(facts: Facts, say: Speech, signed_on: str) -> list[Block]:
    """Return the declaration with its lines to sign; of an incomplete grade that it cannot be signed."""
    grade, pack = facts.grade, say.pack
    if grade.level is None:
        return [Heading(say(HEADING)), Text(say(DRAFT), "warning")]
    window = grade.evidence.document["window"]
    sentence = say.fill(
        DECLARED[grade.status],
        document=say(pack.said(pack.document)) + quoted_title(say),
        annex=_annex(say),
        span=say.span(window["start"], window["end"]),
        level=say.level(grade.level),
    )
    name = facts.enterprise.get("name")
    known = (shown(name) if name else "", "", "", signed_on)
    lines = tuple((say(line), value) for line, value in zip(LINES, known, strict=True))
    responsible = [Text(f"{index}. {say(words)}") for index, words in enumerate(RESPONSIBLE, 1)]
    heading = Heading(say(HEADING), new_page=True)  # one sheet to sign
    return [heading, Text(sentence, "lead"), *responsible, Signature(lines, say(SEAL))]


def quoted_title(say: Speech) -> str:
    """Return the document's title after its number."""
    return f" {quoted(say, say.pack.title)}" if say.language == "en" else quoted(say, say.pack.title)


def _annex(say: Speech) -> str:
    title = quoted(say, say.pack.annex)
    return f"annex {title}" if say.language == "en" else f"附件{title}"
