"""How to go about it: in what order, how it is verified, and what the paper rests on."""

from __future__ import annotations

from qm_rules.words import Words
from serving.reports.blocks import Block, Heading, Text
from serving.reports.chain.telling import Telling

DOING = Words("组织实施与验证", "Carrying out, and verifying")
STEPS = (
    Words(
        "（一）链长组织链主与牵头企业确认问题清单与项目清单：核对数据、指定责任人、确定完成时限（本件"
        "给出见效月数，不代替企业的计划）。",
        "1. The chain's office, its leading firm and the leads confirm both lists: figures checked, "
        "a person in charge, a "
        "date (this paper says after how many months an effect is in force; it does not replace a plan).",
    ),
    Words(
        "（二）先做净收益为正且把握较大的工艺类项目；供应类项目先做诊断（控制图、批次比较、测量系统分"
        "析），有了可信措施再列费用与时限。",
        "2. Moves of processes that leave most and are well supported come first; projects of "
        "supply begin with a "
        "diagnosis (control charts, lots compared, gauges studied), cost and date follow once a "
        "measure is known.",
    ),
    Words(
        "（三）登记每项措施的开始月份与费用；完成后由系统按事先登记的承诺给出前后对比结论，未达预期的"
        "项目重新诊断。",
        "3. Each action is registered with its month and cost; when it is finished the system "
        "judges it against what "
        "was promised, and a project that falls short is diagnosed anew.",
    ),
)
SOURCES = Words("数据来源与不能说的", "What this rests on, and what it does not say")
RESTS = (
    Words(
        "官方等级按 {edition} 由企业记录计算；预测、建议与传导由模型 {version} 于已发布的结果给出，"
        "它们是估计，不是评价结论。",
        "Official grades follow {edition} from the enterprises' records; forecast, recommendations "
        "and what arrives "
        "downstream are those published with model {version}: estimates, no findings.",
    ),
    Words(
        "交付记录不分客户：以供应商总体不合格率代表每个客户所收到的。供应商之间的长期差异与其自身起"
        "伏同样起作用，是一种假设。",
        "Deliveries are not recorded by customer: a supplier's overall rate stands for what each "
        "got. That lasting "
        "differences between suppliers act as their ups and downs do is an assumption.",
    ),
    Words(
        "供应链外部的损失、材料与设备采购、标准与检测能力等政策工具不在记录中，本件不作结论；政策工"
        "具清单由主管部门另行编制。",
        "What records do not hold (losses outside the chain, purchase of material and equipment, "
        "standards, testing "
        "capacity) is not judged here; the list of policy tools (质量政策工具清单) is the office's own.",
    ),
    Words(
        "文件依据：工信部联科〔2023〕249号任务 11（加强产业链供应链质量联动）；市场监管总局等五部门"
        "《关于质量基础设施助力产业链供应链"
        "质量联动提升的指导意见》（图谱与清单）；湖北省产业链质量提升“5个一”工作法（建议书与测算表）。",
        "Documents: 工信部联科〔2023〕249号, task 11; the guidance of five departments of January 20"
        "24 (map and lists); "
        "Hubei's way of working by five papers (proposal and table of benefits).",
    ),
)


def doing(it: Telling) -> list[Block]:
    """Return the steps."""
    return [Heading(it.say(DOING)), *(Text(it.say(step)) for step in STEPS)]


def sources(it: Telling) -> list[Block]:
    """Return what everything rests on."""
    edition = it.say(it.say.pack.said(it.say.pack.document))
    texts = (it.say.fill(words, edition=edition, version=it.model_version or "-") for words in RESTS)
    return [Heading(it.say(SOURCES)), *(Text(text, "note") for text in texts)]
