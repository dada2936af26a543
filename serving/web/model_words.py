"""Sentences of `models/` in the reader's language: each form that they say is known here, with its blanks.

The models speak English in logs, tags and the command line. A form that is not known is said as it was
told; `tests/serving/scientist` holds the known ones against what the models really say.
"""

from __future__ import annotations

import re
from functools import cache

from serving.web.language import Language

FORMS = {
    "same": "records: the same as in its training; it would give the same model",
    "age": "age: {age} months of newer records ({span}); the limit is {limit}",
    "no_drift": "drift: none shown in {tests} tests",
    "short": "trained up to {until}: a check needs {before} months before that and {after} after it",
    "nothing_due": "error: no forecast has come due since",
    "no_better": "error: no baseline was shown to be better at {origins} origins since",
    "nothing_since": "model {model} was trained up to {until}: no complete period came since{rest}",
    "shift": "{what}: {way} since {since} by {shift} usual monthly deviations",
    "loss": "{what}: forecasts lose {share} against the backtest since {since}",
    "coverage": "{what}: 90 % intervals hold {now} since {since}; in the backtest {before}",
    "missing": "{now} of the usual readings are missing since {since}; before {before}",
    "edge": "{now} of the readings lie at the edge of their range since {since}; before {before}",
    "worse": "{what}: model against {against}: {how} is {excess} over {origins} origins (p = {p} after{rest}",
}
KINDS = ("drift: ", "error: ")
"""How a sentence begins that says why a training is due."""


def said(t: Language, sentence: str) -> str:
    """Return a sentence of the models as the reader says it."""
    for text in (sentence, *(sentence.removeprefix(kind) for kind in KINDS if sentence.startswith(kind))):
        for name, form in FORMS.items():
            if found := _pattern(form).fullmatch(text):
                return t(f"models.said.{name}", **{k: _word(t, k, v) for k, v in found.groupdict().items()})
    return sentence


@cache
def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(form)), re.DOTALL)


def _word(t: Language, name: str, value: str) -> str:
    if name == "what":  # a target, or panel and target
        return t.either(f"target.{value.rpartition(' ')[2]}", value)
    if name == "against":
        return t.either(f"models.baseline.{value}", value)
    return t.either(f"models.way.{value}", value) if name == "way" else value
