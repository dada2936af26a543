"""Which method of the trade fits a move, why, and which task of 工信部联科〔2023〕249号 it serves.

Chosen from what the data say about the lever first, from what the lever is second: a setting that is
measured too coarsely is a matter of MSA whatever it is called, and a best place inside the range asks for a
DOE. The words of section 四、重点任务 that each method answers to stand beside its task.
"""

from dataclasses import dataclass
from typing import Final

from models.recommend.rows import Method, MethodWhy

DOCUMENT: Final = "工信部联科〔2023〕249号"
TASKS: Final = {
    3: "推动企业全员参与质量工作",
    6: "创新质量管理过程方法",
    7: "实施质量管理持续改进",
    8: "科学运用循证决策模式",
    10: "持续提升质量基础能力",
    11: "加强产业链供应链质量联动",
    13: "促进生产制造数字化",
}
"""Titles as printed."""
TASK_OF: Final[dict[Method, int]] = {
    "SPC": 8,  # 建立关键指标监测机制
    "DOE": 6,  # 围绕关键过程开展定量分析和精准控制
    "FMEA": 7,  # 从研发设计、生产制造、检验检测等全过程加强质量管控
    "MSA": 10,  # 对计量检测仪器、试验设备等设施升级改造
    "maintenance": 13,  # 设备远程监控和预测性维护
    "supplier_development": 11,  # 实施质量技术联合攻关和质量一致性管控
    "inspection_plan": 10,  # 加强计量、标准、认证认可、试验验证、检验检测等能力建设
    "training": 3,  # 加强全员质量培训和经验分享
}
LEAST_RELIABILITY: Final = 0.6
"""Below it two fifths of what the lever seems to do is its gauge: measure better before anything else."""

_NATURE: Final[tuple[tuple[tuple[str, ...], Method, MethodWhy], ...]] = (
    (
        ("supplier", "incoming", "raw_", "material", "供应商", "供方", "来料", "原料", "原材料"),
        "supplier_development",
        "supplier",
    ),
    (
        ("check", "inspect", "coverage", "aoi", "sampling", "检验", "检查", "抽检", "检测", "抽样"),
        "inspection_plan",
        "detection",
    ),
    (
        ("interval", "clean", "filter", "tool", "age", "maintain", "mainten", "保养", "维护", "保全", "间隔"),
        "maintenance",
        "upkeep",
    ),
    (("training", "hours", "skill", "培训", "技能"), "training", "skill"),
)  # fmt: skip
"""Words in a lever's id or name, the method that suits such a lever, and why; the first that fits counts."""


@dataclass(frozen=True)
class Fit:
    """The method that fits, why, and the task it serves: its number and as the document names it."""

    method: Method
    why: MethodWhy
    task_number: int

    @property
    def task(self) -> str:
        """The task as the document names it."""
        return f"{DOCUMENT} 任务{self.task_number} {TASKS[self.task_number]}"


def method_for(names: str, target: str, reliability: float | None, *, inside: bool) -> Fit:
    """The method for a move of a lever.

    Args:
        names: the lever's id and, where it has one, its name.
        target: the indicator that the move improves first.
        reliability: share of the lever's own movement that is not its gauge's error; None if unknown.
        inside: whether the best place lies inside the range shown, not at an end of it.
    """
    method, why = _method(names.lower(), target, reliability, inside=inside)
    return Fit(method, why, TASK_OF[method])


def _method(names: str, target: str, reliability: float | None, *, inside: bool) -> tuple[Method, MethodWhy]:
    if reliability is not None and reliability < LEAST_RELIABILITY:
        return "MSA", "poor_gauge"
    found = next(((m, w) for words, m, w in _NATURE if any(word in names for word in words)), None)
    if found is not None:
        return found
    if inside:
        return "DOE", "optimum"
    return ("FMEA", "escapes") if target in ("ppm", "external_loss") else ("SPC", "set_point")
