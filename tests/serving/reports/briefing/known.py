"""Facts of a briefing by hand: an ordinary one, the longest that there can be, and one of nobody."""

from dataclasses import replace

from serving.reports.briefing.facts import (
    Binding,
    Briefing,
    Goal,
    Group,
    LevelRow,
    Near,
    Offer,
    Point,
    Reach,
    Region,
    Risks,
    Slip,
    Standing,
)
from serving.web.language import language
from serving.web.papers.names import SiteNames

NAMES = {code: SiteNames(language(code)) for code in ("zh", "en")}
ITEMS = ("ftq", "cpk", "sigma", "internal_loss", "external_loss", "quality_assurance")
LONG = "浙江省高端装备与新材料精密制造集团股份有限公司第一百二十八分公司"


def curve(count):
    """Two years so far, three to come."""
    past = [
        Point(f"{2023 + (11 + m) // 12}-{(11 + m) % 12 + 1:02d}", m // 2, m // 2, m // 2, False)
        for m in range(25)
    ]
    ahead = [
        Point(f"{2026 + m // 12}-{m % 12 + 1:02d}", 12 + m / 3, 12 + m // 6, 13 + m, True) for m in range(36)
    ]
    return tuple(past + ahead)[: count or None]


def goal(level=3, by="2027-12", wanted=40, probability=0.31, **other):
    """A local target that is open."""
    told = {
        "name": "质量强省建设规划",
        "level_id": "assurance",
        "level": level,
        "baseline": "2023-12",
        "by": by,
        "wanted": wanted,
        "national": False,
        "achieved": 12,
        "decided": False,
        "beyond": False,
        "expected": 23.7,
        "low": 15,
        "high": 36,
        "sure": 19,
        "likely": 23,
        "probability": probability,
        "pace": (28.4, 18, 41),
        "curve": curve(0),
    }
    return Goal(**(told | other))


def ordinary():
    """Facts as they may be."""
    levels = tuple(
        LevelRow(level, 10 * level, sum(10 * own for own in range(level, 6)), 9 * level, level)
        for level in (5, 4, 3, 2, 1)
    )
    return Briefing(
        group=Group(place="33"),
        basis="grade",
        as_of="2025-12",
        months=36,
        paths=200,
        model_version="3e8f6a1da5b2",
        outlook="20261122T025634-d2nf6mg6",
        unforecast=3,
        standing=Standing(160, 150, 140, levels, dict.fromkeys(range(1, 6), 40), 4, 2),
        regions=tuple(Region(f"33{at:02d}", 20, 12, 6, 1.3, 0.4) for at in range(1, 9)),
        goals=(goal(), goal(4, wanted=9, probability=0.62), goal(2, probability=0.97)),
        reach=Reach(
            120, 23.6, 31, 17, (0.2, 0.8),
            tuple(Near(f"E{at}", f"企业{at}", "330100", 2, 0.4, ("ftq",)) for at in range(8)),
            tuple(Binding(item, 60 - 5 * at, 6 - at) for at, item in enumerate(ITEMS)),
        ),
        risks=Risks(
            0.1, 14, 6.3, 11.2,
            tuple(Slip(f"E{at}", f"企业{at}", "330200", 3, 0.4, 0.6) for at in range(8)),
        ),
        offers=(Offer(3, "2027-12", 40, 26, 61, 5_340_000.0, 0.31, 0.82, 0.66),),
    )  # fmt: skip


def longest(basis="grade"):
    """Everything as long as the sections let it be."""
    found = ordinary()
    lacking = tuple(ITEMS)
    near = tuple(Near(f"E{at}", LONG, "330100", 3, 0.4, lacking) for at in range(8))
    slips = tuple(Slip(f"E{at}", LONG, "330200", 4, 0.995, 0.002) for at in range(8))
    goals = tuple(
        goal(level, wanted=123_456, probability=0.001, beyond=True, name="省制造业高质量发展五年行动规划")
        for level in (2, 3, 4, 5, 3, 4)
    )
    return replace(
        found,
        basis=basis,
        group=Group("3301", "36", "medium", "新能源汽车动力总成产业链", "省级重点培育企业名单（第二批）"),
        standing=replace(found.standing, enterprises=123_456, graded=123_400, known_then=120_000),
        goals=goals,
        reach=replace(found.reach, nearest=near),
        risks=replace(found.risks, first=slips),
    )


def nobody():
    """A group without anybody."""
    levels = tuple(LevelRow(level, 0, 0, 0, 0) for level in (5, 4, 3, 2, 1))
    return replace(
        ordinary(),
        group=Group(),
        standing=Standing(0, 0, 0, levels, dict.fromkeys(range(1, 6), 0), 0, 0),
        regions=(),
        goals=(),
        reach=Reach(0, 0.0, 0, 0, (0.2, 0.8), (), ()),
        risks=Risks(0.1, 0, 0.0, 0.0, ()),
        offers=(),
        unforecast=0,
    )
