"""From the lines to the grade: each dimension, the four together, and the policies that took part."""

from __future__ import annotations

from collections.abc import Iterable

from qm_rules.grading import Grade
from qm_rules.indicators import sigma
from qm_rules.pack.policy import Policy
from qm_rules.rulebook import HIGHEST, Rulebook, rulebook
from qm_rules.trace import phrases
from qm_rules.trace.parts import DimensionLine, PolicyLine
from qm_rules.words import NOTHING, Words, listed, sentences

_LOWEST = Words("min({levels}) = {least},最低者:{names}。", "min({levels}) = {least}, the lowest: {names}.")
_OPEN = Words(
    "未提供:{lacking};已提供的部分最高支持 {most} 级。",
    "Not supplied: {lacking}; what is supplied allows level {most} at most.",
)
_HOLE = Words(
    "按字面理解,{names}的损失率低于检验级下限,不支持检验级,其余又不足保证级,故只剩经验级。",
    "Taken literally, the rates of {names} are below the bound of level 2 and do not support it, "
    "while the rest does not reach level 3: only level 1 is left.",
)
_TOGETHER = {
    "lowest": Words(
        "取四个维度的最低等级:min({levels}) = {level}。", "The lowest of the four: min({levels}) = {level}."
    ),
    "lower_median": Words(
        "四个维度由低到高为 {ordered},取第二个:{level}。",
        "The four in order are {ordered}; the second, the lower median: {level}.",
    ),
    "performance_only": Words("只看{performance}:{level}。", "{performance} alone: {level}."),
}
_FINAL = Words("等级:{level}({n} 级),{status}。", "Level: {level} (level {n}), {status}.")
_INCOMPLETE = Words(
    "未提供:{lacking}。等级不完整;未提供者按最好计,最高可能为{level}({n} 级)。",
    "Not supplied: {lacking}. The grade is incomplete; with that at its best, {level} (level {n}) at most.",
)
_OTHERWISE = Words(
    "若取 {value},等级为{level}({n} 级)。", "By {value} the level would be {level} (level {n})."
)
_OTHERWISE_AT_MOST = Words(
    "若取 {value},最高可能为{level}({n} 级)。", "By {value} {level} (level {n}) would be possible at most."
)
_ALWAYS = ("aggregation", "window_months")


def dimension_line(grade: Grade, name: str) -> DimensionLine:
    """Return a dimension with the levels that it is the lowest of."""
    pack, own = grade.book.pack, grade.own
    members = grade.book.members[name]
    supplied = [(member, level) for member in members if (level := own[member]) is not None]
    least = min([level for _, level in supplied], default=HIGHEST)
    lowest = _LOWEST.fill(
        levels=", ".join(str(level) for _, level in supplied),
        least=least,
        names=_named(grade, [member for member, level in supplied if level == least]),
    )
    possible = grade.book.dimensions(grade.levels)[name]
    literal = [member for member, level in supplied if not grade.book.supports(member, level, 2)]
    lacking = [member for member in members if own[member] is None]
    return DimensionLine(
        name,
        pack.words(name),
        grade.dimensions[name],
        sentences(
            (
                lowest if supplied else NOTHING,
                _HOLE.fill(names=_named(grade, literal)) if possible != least else NOTHING,
                _OPEN.fill(lacking=_named(grade, lacking), most=possible) if lacking else NOTHING,
            )
        ),
    )


def verdict(grade: Grade) -> Words:
    """Return how the four dimensions make the grade, and what it is."""
    pack, book = grade.book.pack, grade.book
    possible = book.dimensions(grade.levels)
    levels = [possible[name] for name in book.members]
    together = _TOGETHER[book.aggregation].fill(
        levels=", ".join(map(str, levels)),
        ordered=", ".join(map(str, sorted(levels))),
        level=grade.at_most,
        performance=pack.words("performance"),
    )
    level = pack.level_words(grade.at_most)
    if grade.level is not None:
        status = phrases.STATUS[grade.status]
        return sentences((together, _FINAL.fill(level=level, n=grade.level, status=status)))
    lacking = _named(grade, [name for name, own in grade.own.items() if own is None])
    return sentences((together, _INCOMPLETE.fill(lacking=lacking, level=level, n=grade.at_most)))


def policy_lines(grade: Grade) -> tuple[PolicyLine, ...]:
    """Return the policies that took part in this grade, or that depart from the edition's default."""
    settings, taken = grade.book.pack.policies, set(_taking_part(grade))
    return tuple(
        PolicyLine(
            id=name,
            value=value,
            is_default=value == settings[name].default,
            name=settings[name].title,
            meaning=settings[name].meaning(value),
            otherwise=_otherwise(grade, name) if settings[name].reading else NOTHING,
        )
        for name, value in grade.book.policy.items()
        if name in taken or value != settings[name].default
    )


def _taking_part(grade: Grade) -> Iterable[str]:
    yield from _ALWAYS
    measured = {name for name, found in grade.indicators.items() if found.exact is not None}
    if "sigma" in measured:
        yield "sigma_method"
    if measured & {"internal_loss", "external_loss"}:
        yield "level2_loss"
    if "cpk" in measured:
        yield from ("min_values", "few_values")
    if measured & {"sigma", "cpk", "ftq"}:
        yield "confidence"


def _otherwise(grade: Grade, name: str) -> Words:
    """Say which level each other reading of this policy would give, where it is another one."""
    pack, found = grade.book.pack, []
    text = _OTHERWISE_AT_MOST if grade.level is None else _OTHERWISE
    for value in pack.policies[name].choices:
        n = _at_most(grade, rulebook(pack, Policy(**{**grade.book.policy, name: value})))
        if n != grade.at_most:
            found.append(text.fill(value=value, level=pack.level_words(n), n=n))
    return sentences(found)


def _at_most(grade: Grade, book: Rulebook) -> int:
    """Return the level by another rulebook; of the own levels only σ's can be another (a test holds that)."""
    found, _ = sigma(grade.evidence.document.get("deliveries"), book.ladders["sigma"])
    return book.together(book.dimensions((found.level, *grade.levels[1:])))


def _named(grade: Grade, names: Iterable[str]) -> Words:
    return listed(grade.book.pack.words(name) for name in names)
