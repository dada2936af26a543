"""Cotton weaving (1712): warping, sizing, weaving, finishing."""

from features.simulator.sectors.common import check, climate, placebo, surroundings
from features.simulator.specs import CAUSE, OPTIMUM, SATURATING, SectorSpec
from features.simulator.specs import CharacteristicSpec as C
from features.simulator.specs import ParameterSpec as P

TEXTILE = SectorSpec(
    "textile",
    "棉织造",
    "1712",
    "现代纺织",
    12.0,
    0.8,
    ("整经", "浆纱", "织造", "整理"),
    ("府绸", "斜纹布", "牛仔布"),
    (
        P("warp_tension", "整经张力", "cN", 0, CAUSE, 24.0, 2.0, 0.35, OPTIMUM, confounded=0.4),
        P("size_pickup", "上浆率", "%", 1, CAUSE, 11.0, 0.8, -0.40, SATURATING, confounded=0.5, react=0.3),
        P(
            "sizing_temp",
            "浆槽温度",
            "℃",
            1,
            CAUSE,
            92.0,
            2.0,
            0.30,
            OPTIMUM,
            persistence=0.65,
            confounded=0.3,
        ),
        P("loom_speed", "织机转速", "r/min", 2, CAUSE, 620.0, 30.0, 0.45, demand=0.5, confounded=-0.4),
        P(
            "maintenance_interval",
            "保全周期",
            "d",
            2,
            CAUSE,
            45.0,
            5.0,
            0.50,
            SATURATING,
            2,
            confounded=-0.4,
            react=0.6,
        ),
        P("yarn_rest_time", "纱线静置", "h", 0, CAUSE, 24.0, 3.0, -0.30, lead=1, confounded=0.5),
        *surroundings(
            climate("ambient_humidity", "车间湿度", "%RH", 70.0, 6.0),
            check("cloth_check_coverage", "验布覆盖率"),
            placebo("beam_storage", "织轴存放", "d", 5.0, 0.6),
            "修布排队",
        ),
    ),
    (
        C("weft_density", "纬密", "根/10cm", 2, 260.0, 8.0),
        C("size_rate", "上浆率偏差", "%", 1, 0.0, 1.5),
        C("hairiness", "毛羽指数", "1", 0, 4.0, 2.0, upper_only=True),
    ),
    (("BRE", "断经"), ("SLA", "稀密路"), ("STA", "油污")),
    (("loom_speed", "warp_tension", 0.12),),
)
