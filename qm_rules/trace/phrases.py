"""What a trace calls things, in both languages: fields of the evidence, units, statuses."""

from __future__ import annotations

from qm_rules.words import Words

UNITS = {
    "ppm": Words("每百万单位不良品数", "nonconforming units per million units"),
    "1": Words("无量纲", "dimensionless"),
    "percent": Words("比率,即 {percent}", "as a fraction, that is {percent}"),
}
LEVEL_UNIT = Words("级", "level")

ENTERPRISE = Words("企业", "Enterprise")
WINDOW = Words("评价窗口", "Window")
DOCUMENT = Words("文件", "Document")
EDITION = Words("规则版本(SHA-256)", "Edition (SHA-256)")
EVIDENCE = Words("证据(SHA-256)", "Evidence (SHA-256)")

UNITS_DELIVERED = Words("交付数", "units delivered")
NONCONFORMING = Words("不良品数", "nonconforming units")
SUBMITTED = Words("初次提交数", "submitted the first time")
PASSED = Words("一次合格数", "passed the first time")
SEQUENCE = Words("工序顺序", "sequence")
OUTPUT_VALUE = Words("年度总产值", "gross output value of the year")
ASSESSED = Words("评定等级", "assessed level")
CAPABILITY = {
    "cpk": Words("Cpk", "Cpk"),
    "n": Words("测量值个数 n", "number of values n"),
    "stable": Words("过程稳定", "process stable"),
    "key": Words("关键特性", "key characteristic"),
}
CATEGORIES = {
    "scrap": Words("报废损失费", "scrap"),
    "rework": Words("返修费", "rework"),
    "downgrade": Words("降级损失费", "downgrading"),
    "downtime": Words("停工损失费", "downtime"),
    "incident": Words("产品质量事故处理费", "handling of quality incidents"),
    "other_internal": Words("其他内部损失", "other internal losses"),
    "claims": Words("索赔费", "claims"),
    "returns": Words("退货损失费", "returns"),
    "discount": Words("折价损失费", "price reductions"),
    "warranty": Words("保修费", "warranty"),
    "repair_replacement": Words("修理、更换费", "repair and replacement"),
    "goodwill": Words("信誉损失", "loss of goodwill"),
    "other_external": Words("其他外部损失", "other external losses"),
}
STATUS = {
    "final": Words("最终", "final"),
    "provisional": Words("暂定", "provisional"),
    "incomplete": Words("不完整", "incomplete"),
}
LINE_STATUS = {
    "measured": Words("已测定", "measured"),
    "not_tracked": Words("未做统计", "not tracked"),
    "not_supplied": Words("未提供", "not supplied"),
    "inadmissible": Words("不予采信", "inadmissible"),
    "assessed": Words("已评定", "assessed"),
}
