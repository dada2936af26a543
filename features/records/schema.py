"""The record tables as data: names in English and Chinese, types, keys, references.

A blank part of a key counts as its `blank`, so that a key is never null. Product ids are known if they stand
in `products` or in `processes`: a plant with one list need not keep the other.
"""

from __future__ import annotations

from features.records.columns import Column, Reference, Rule, Table, Type

INTERNAL_LOSSES = ("scrap", "rework", "downgrade", "downtime", "incident", "other_internal")
"""内部质量损失: before delivery."""
EXTERNAL_LOSSES = (
    "claims",
    "returns",
    "discount",
    "warranty",
    "repair_replacement",
    "goodwill",
    "other_external",
)
"""外部质量损失: after delivery."""
ITEMS = (
    "qms",
    "rd_design",
    "production",
    "quality_assurance",
    "supply_chain",
    "data",
    "strategy",
    "culture",
    "innovation",
)
"""The management items of the annex."""
LEVEL_IDS = ("experience", "inspection", "assurance", "prevention", "excellence")

_enterprise = Column("enterprise_id", "企业编号", Type.ID, required=True)
_product = Column("product_id", "产品编号", Type.ID, required=True)
_process = Column("process_id", "工序编号", Type.ID, required=True)
_period = Column("period", "月份", Type.PERIOD, required=True)
_name = Column("name", "名称", Type.TEXT)
_unit = Column("unit", "单位", Type.TEXT)
_lot_key = Column("lot_id", "批次编号", Type.ID, blank="")
_submission = Column("submission", "提交次数", Type.COUNT, low=1, blank=1)
_gauge_sd = Column("gauge_sd", "测量误差标准差", Type.NUMBER, low=0)
_chain = Column("chain", "产业链", Type.TEXT)
_region = Column("region_code", "地区代码", Type.TEXT)
_industry = Column("industry_code", "行业代码", Type.TEXT)

_of_enterprise = Reference(("enterprise_id",), ("enterprises",), ("enterprise_id",))
_of_product = Reference(
    ("enterprise_id", "product_id"), ("products", "processes"), ("enterprise_id", "product_id")
)
_of_process = Reference(
    ("enterprise_id", "product_id", "process_id"),
    ("processes",),
    ("enterprise_id", "product_id", "process_id"),
)
_of_any_process = Reference(("enterprise_id", "process_id"), ("processes",), ("enterprise_id", "process_id"))
_of_parameter = Reference(
    ("enterprise_id", "parameter_id"), ("parameters",), ("enterprise_id", "parameter_id")
)

_CODE_RULES = (
    Rule("region_code", "regexp_full_match(region_code, '[0-9]{2,12}')", "2 to 12 digits (GB/T 2260)"),
    Rule(
        "industry_code",
        "regexp_full_match(industry_code, '[A-T]?[0-9]{0,4}') AND industry_code <> ''",
        "a GB/T 4754 code, such as 3411 or C3411",
    ),
)

_TABLES = (
    Table(
        "enterprises",
        "企业",
        (
            _enterprise,
            _name,
            Column("uscc", "统一社会信用代码", Type.TEXT),
            _region,
            _industry,
            _chain,
            Column("size", "企业规模", Type.TEXT, values=("large", "medium", "small", "micro")),
            Column("frequency", "统计周期", Type.TEXT, values=("month", "week", "day"), blank="month"),
            Column("standard_since", "贯标日期", Type.DATE),
        ),
        ("enterprise_id",),
        rules=_CODE_RULES,
    ),
    Table(
        "products", "产品", (_enterprise, _product, _name), ("enterprise_id", "product_id"), (_of_enterprise,)
    ),
    Table(
        "processes",
        "工序",
        (
            _enterprise,
            _product,
            _process,
            Column("seq", "工序顺序", Type.COUNT, required=True, low=1),
            _name,
            Column("line_id", "产线编号", Type.TEXT),
        ),
        ("enterprise_id", "product_id", "process_id"),
        (_of_enterprise,),
    ),
    Table(
        "inspections",
        "检验",
        (
            _enterprise,
            _product,
            _process,
            Column("lot_id", "批次编号", Type.ID, required=True),
            Column("inspected_at", "检验时间", Type.TIME, required=True),
            Column("submitted", "交验数", Type.COUNT, required=True, low=1),
            Column("passed", "合格数", Type.COUNT, required=True, low=0),
            _submission,
            Column("supplier_id", "供应商编号", Type.TEXT),
        ),
        ("enterprise_id", "product_id", "process_id", "lot_id", "submission"),
        (_of_process,),
        (Rule("passed", "passed <= submitted", "at most `submitted`"),),
    ),
    Table(
        "defects",
        "缺陷",
        (
            _enterprise,
            _product,
            _process,
            Column("lot_id", "批次编号", Type.ID, required=True),
            _submission,
            Column("defect_code", "缺陷代码", Type.ID, required=True),
            Column("count", "数量", Type.COUNT, required=True, low=0),
            Column("defect_name", "缺陷名称", Type.TEXT),
            Column("location", "部位", Type.TEXT),
        ),
        ("enterprise_id", "product_id", "process_id", "lot_id", "submission", "defect_code"),
        (
            Reference(
                ("enterprise_id", "product_id", "process_id", "lot_id", "submission"),
                ("inspections",),
                ("enterprise_id", "product_id", "process_id", "lot_id", "submission"),
            ),
        ),
    ),
    Table(
        "deliveries",
        "交付",
        (
            _enterprise,
            _product,
            _period,
            Column("units", "交付数", Type.COUNT, required=True, low=0),
            Column("nonconforming", "不合格数", Type.COUNT, required=True, low=0),
        ),
        ("enterprise_id", "product_id", "period"),
        (_of_product,),
        (Rule("nonconforming", "nonconforming <= units", "at most `units`"),),
    ),
    Table(
        "characteristics",
        "质量特性",
        (
            _enterprise,
            Column("characteristic_id", "特性编号", Type.ID, required=True),
            Column("product_id", "产品编号", Type.TEXT),
            Column("process_id", "工序编号", Type.TEXT),
            _name,
            _unit,
            Column("nominal", "目标值", Type.NUMBER),
            Column("lsl", "规格下限", Type.NUMBER),
            Column("usl", "规格上限", Type.NUMBER),
            Column("key", "关键特性", Type.FLAG),
            _gauge_sd,
        ),
        ("enterprise_id", "characteristic_id"),
        (_of_enterprise, _of_product, _of_any_process),
        (
            Rule("lsl", "lsl IS NOT NULL OR usl IS NOT NULL", "at least one of `lsl` and `usl`"),
            Rule("lsl", "lsl < usl", "below `usl`"),
        ),
    ),
    Table(
        "measurements",
        "测量值",
        (
            _enterprise,
            Column("characteristic_id", "特性编号", Type.ID, required=True),
            Column("measured_at", "测量时间", Type.TIME, required=True),
            Column("value", "测量值", Type.NUMBER, required=True),
            Column("subgroup_id", "子组编号", Type.ID, blank=""),
            Column("piece", "件号", Type.COUNT, low=1, blank=1),
            Column("lot_id", "批次编号", Type.TEXT, blank=""),
        ),
        ("enterprise_id", "characteristic_id", "measured_at", "subgroup_id", "piece"),
        (
            Reference(
                ("enterprise_id", "characteristic_id"),
                ("characteristics",),
                ("enterprise_id", "characteristic_id"),
            ),
        ),
    ),
    Table(
        "parameters",
        "过程参数",
        (
            _enterprise,
            Column("parameter_id", "参数编号", Type.ID, required=True),
            _name,
            _unit,
            Column("process_id", "工序编号", Type.TEXT),
            Column(
                "kind", "参数类别", Type.TEXT, values=("actionable", "context", "outcome"), blank="context"
            ),
            Column("lower", "可行下限", Type.NUMBER),
            Column("upper", "可行上限", Type.NUMBER),
            Column("cost_per_unit", "单位调整费用", Type.NUMBER, low=0),
            Column("direction", "调整方向", Type.TEXT, values=("any", "up", "down")),
            Column("lead_periods", "滞后期数", Type.COUNT, low=0),
            _gauge_sd,
        ),
        ("enterprise_id", "parameter_id"),
        (_of_enterprise, _of_any_process),
        (Rule("lower", "lower <= upper", "at most `upper`"),),
    ),
    Table(
        "process_data",
        "过程数据",
        (
            _enterprise,
            Column("parameter_id", "参数编号", Type.ID, required=True),
            Column("observed_at", "采集时间", Type.TIME, required=True),
            Column("value", "参数值", Type.NUMBER, required=True),
            _lot_key,
        ),
        ("enterprise_id", "parameter_id", "observed_at", "lot_id"),
        (_of_parameter,),
    ),
    Table(
        "quality_costs",
        "质量损失",
        (
            _enterprise,
            _period,
            Column(
                "category", "损失类别", Type.TEXT, required=True, values=(*INTERNAL_LOSSES, *EXTERNAL_LOSSES)
            ),
            Column("amount", "金额", Type.MONEY, required=True, low=0),
            Column("product_id", "产品编号", Type.ID, blank=""),
        ),
        ("enterprise_id", "period", "category", "product_id"),
        (_of_enterprise, _of_product),
    ),
    Table(
        "output_values",
        "产值",
        (
            _enterprise,
            _period,
            Column("amount", "金额", Type.MONEY, required=True, low=0, above_low=True),
        ),
        ("enterprise_id", "period"),
        (_of_enterprise,),
    ),
    Table(
        "assessments",
        "评价",
        (
            _enterprise,
            Column("item_id", "评价项目", Type.TEXT, required=True, values=ITEMS),
            Column("level", "等级", Type.COUNT, required=True, low=1, high=5),
            Column("assessed_on", "评价日期", Type.DATE, required=True),
            Column("source", "评价来源", Type.TEXT, required=True, values=("self", "third_party")),
            Column("assessor", "评价人", Type.TEXT),
            Column("evidence", "证据", Type.TEXT),
            Column("note", "备注", Type.TEXT),
        ),
        ("enterprise_id", "item_id", "assessed_on", "source"),
        (_of_enterprise,),
    ),
    Table(
        "declarations",
        "声明",
        (
            _enterprise,
            Column(
                "statistic",
                "统计项目",
                Type.TEXT,
                required=True,
                values=("cpk", "internal_loss", "external_loss"),
            ),
            Column("from_period", "起始月份", Type.PERIOD, required=True),
            Column("tracked", "是否统计", Type.FLAG, required=True),
        ),
        ("enterprise_id", "statistic", "from_period"),
        (_of_enterprise,),
    ),
    Table(
        "supply_links",
        "供应关系",
        (
            Column("supplier_id", "供应商编号", Type.ID, required=True),
            Column("customer_id", "客户编号", Type.ID, required=True),
            Column("material", "物料", Type.ID, required=True),
            Column("share", "占比", Type.NUMBER, low=0, high=1),
        ),
        ("supplier_id", "customer_id", "material"),
        (
            Reference(("supplier_id",), ("enterprises",), ("enterprise_id",)),
            Reference(("customer_id",), ("enterprises",), ("enterprise_id",)),
        ),
    ),
    Table(
        "actions",
        "改进措施",
        (
            Column("action_id", "措施编号", Type.ID, required=True),
            _enterprise,
            Column("title", "标题", Type.TEXT, required=True),
            Column("parameter_id", "参数编号", Type.TEXT),
            Column("from_value", "原值", Type.NUMBER),
            Column("to_value", "新值", Type.NUMBER),
            Column("started_on", "开始日期", Type.DATE, required=True),
            Column("finished_on", "完成日期", Type.DATE),
            Column("cost", "费用", Type.MONEY, low=0),
            Column("status", "状态", Type.TEXT, values=("planned", "doing", "checking", "done", "dropped")),
        ),
        ("action_id",),
        (_of_enterprise, _of_parameter),
        (Rule("finished_on", "finished_on >= started_on", "on or after `started_on`"),),
    ),
    Table(
        "plan_targets",
        "计划目标",
        (
            Column("plan_id", "计划编号", Type.ID, required=True),
            Column("level_id", "等级代号", Type.TEXT, required=True, values=(*LEVEL_IDS, "standard")),
            Column("baseline_period", "基准月份", Type.PERIOD, required=True),
            Column("by_period", "目标月份", Type.PERIOD, required=True),
            Column("count", "新增数", Type.COUNT, required=True, low=0),
            _region,
            _industry,
            _chain,
        ),
        ("plan_id", "level_id", "by_period"),
        rules=(
            *_CODE_RULES,
            Rule("by_period", "by_period > baseline_period", "after `baseline_period`"),
        ),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
"""Every record table by name, parents before children."""
