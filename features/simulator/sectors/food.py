"""Frozen food (1432): mixing, forming, freezing, packing."""

from features.simulator.sectors.common import check, climate, placebo, surroundings
from features.simulator.specs import CAUSE, OPTIMUM, SATURATING, SectorSpec
from features.simulator.specs import CharacteristicSpec as C
from features.simulator.specs import ParameterSpec as P

FOOD = SectorSpec(
    "food",
    "速冻食品",
    "1432",
    "现代食品",
    8.0,
    1.0,
    ("配料", "成型", "速冻", "包装"),
    ("水饺", "汤圆", "包子"),
    (
        P("dough_moisture", "面团含水率", "%", 0, CAUSE, 38.0, 1.0, 0.35, OPTIMUM, confounded=0.5),
        P("forming_speed", "成型速度", "个/min", 1, CAUSE, 180.0, 12.0, 0.40, demand=0.4, confounded=-0.4),
        P(
            "sanitation_interval",
            "清洗间隔",
            "h",
            1,
            CAUSE,
            12.0,
            1.5,
            0.50,
            SATURATING,
            1,
            confounded=-0.5,
            react=0.6,
        ),
        P(
            "freezer_temp",
            "速冻温度",
            "℃",
            2,
            CAUSE,
            -35.0,
            1.5,
            0.40,
            season=0.5,
            persistence=0.65,
            confounded=-0.3,
            react=0.4,
        ),
        P("freeze_time", "速冻时间", "min", 2, CAUSE, 28.0, 2.0, -0.35, SATURATING, confounded=0.5),
        P("sealing_temp", "封口温度", "℃", 3, CAUSE, 165.0, 4.0, 0.30, OPTIMUM, confounded=0.3),
        *surroundings(
            climate("ambient_temp", "车间气温", "℃", 18.0, 3.0),
            check("metal_check_coverage", "金检与称重覆盖率"),
            placebo("lighting_level", "车间照度", "lx", 540.0, 30.0),
            "返包排队",
        ),
    ),
    (
        C("net_weight", "净含量", "g", 1, 20.0, 1.5),
        C("core_temp", "中心温度", "℃", 2, -20.0, 4.0),
        C("leak_rate", "漏气量", "Pa/min", 3, 60.0, 30.0, upper_only=True),
    ),
    (("WGT", "重量不足"), ("BRK", "破损"), ("SEA", "封口不良")),
    (("forming_speed", "dough_moisture", 0.12),),
)
