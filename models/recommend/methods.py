"""Which method of the trade fits a move, and which task of 工信部联科〔2023〕249号 (四、重点任务).

The task is the one that the move serves.
"""

from typing import Final

TASKS: Final = {
    7: "工信部联科〔2023〕249号 任务7 实施质量管理持续改进",
    8: "工信部联科〔2023〕249号 任务8 科学运用循证决策模式",
    10: "工信部联科〔2023〕249号 任务10 持续提升质量基础能力",
    13: "工信部联科〔2023〕249号 任务13 促进生产制造数字化",
}

# Words in a parameter's id, the method that suits such a lever, and the task it serves; the first that fits
# counts.
_METHODS: Final = (
    (("interval", "clean", "filter", "tool", "age", "maintenance"), "maintenance", 7),
    (("check", "inspect", "coverage", "aoi", "sampling"), "inspection plan and MSA", 10),
    (("training", "hours"), "training and standard work", 7),
    (
        ("temp", "pressure", "speed", "feed", "flow", "depth", "ratio", "time"),
        "DOE around the set point, then SPC",
        13,
    ),
)


def method_and_task(parameter_id: str, target: str) -> tuple[str, str]:
    """(method, task) for a move of a lever that improves `target`; SPC and evidence-based decision where no
    word fits.
    """
    words = parameter_id.lower()
    for keys, method, task in _METHODS:
        if any(key in words for key in keys):
            return method, TASKS[task]
    return ("SPC and FMEA of what escapes" if target in ("ppm", "external_loss") else "SPC"), TASKS[8]
