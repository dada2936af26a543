"""Shapes and echoes that were planted are recognised."""

import numpy as np
import pytest

from models.effects.choosing import choose
from models.effects.responses import BENDS, ECHOES, Responses, echoing, knots_of, shapes
from tests.models.effects.panel import _ar

LINES, PERIODS = 8, 60


def tried(seed: int) -> tuple[np.ndarray, np.ndarray, Responses]:
    """(z (LINES, PERIODS), columns of one lever with every echo and bend, and a surrounding; their names)."""
    rng = np.random.default_rng(seed)
    usual = rng.standard_normal(LINES)
    z = usual[:, None] + _ar(rng, (LINES, PERIODS), 0.5)
    knots = knots_of(z[:, None], np.ones((LINES, 1), dtype=bool))
    shaped = np.array([shapes(row, knots[0], float(row.mean())) for row in z])
    echoed = np.array([[echoing(c, PERIODS) @ line for c in ECHOES] for line in shaped])
    columns = (echoed - echoed.mean(axis=2, keepdims=True)).transpose(0, 2, 1, 3).reshape(LINES * PERIODS, -1)
    columns = np.column_stack([columns, rng.standard_normal(len(columns))])
    blank = Responses(
        lever=np.array([0] * (1 + BENDS) + [-1]),
        bend=np.array([*range(1 + BENDS), 0]),
        size=np.append(np.sqrt((columns[:, : 1 + BENDS] ** 2).mean(axis=0)), 1.0),
        centre=np.zeros(1),
        scale=np.ones(1),
        lead=np.zeros(1, dtype=np.int64),
        knots=knots,
        usual=z.mean(axis=1)[:, None],
        echo=np.full((1, len(ECHOES)), 1 / len(ECHOES)),
        pairs=np.zeros((0, 2), dtype=np.int64),
    )
    return z, columns, blank


def outcome(z: np.ndarray, shape, echo: float, seed: int, noise: float = 0.3) -> np.ndarray:
    felt = np.array([echoing(echo, PERIODS) @ row for row in shape(z)])
    rng = np.random.default_rng([seed, 1])
    return (felt - felt.mean(axis=1, keepdims=True)).ravel() + noise * rng.standard_normal(z.size)


SHAPES = {
    "straight": (lambda z: 0.4 * z, set()),
    "best place": (lambda z: 0.3 * z**2, {1}),
    "saturation": (lambda z: -0.8 * np.minimum(z, 0.0), {2, 3}),
    "own place": (lambda z: 0.3 * z + 0.3 * (z - z.mean(axis=1, keepdims=True)) ** 2, {4}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_planted_shape_is_recognised(name: str) -> None:
    shape, bends = SHAPES[name]
    right = 0
    for seed in range(20):
        z, columns, blank = tried(seed)
        chosen, _ = choose(outcome(z, shape, 0.0, seed), columns, blank, curved=True)
        right += set(chosen.bend[(chosen.lever == 0) & (chosen.bend > 0)]) == bends
    assert right >= 16


@pytest.mark.parametrize("echo", ECHOES)
def test_a_planted_echo_gets_most_weight(echo: float) -> None:
    right = 0
    for seed in range(20):
        z, columns, blank = tried(seed)
        chosen, _ = choose(outcome(z, lambda z: 0.5 * z, echo, seed), columns, blank, curved=False)
        assert chosen.echo.sum() == pytest.approx(1)
        right += ECHOES[int(chosen.echo[0].argmax())] == echo
    assert right >= 16


def test_weights_of_echoes_are_those_of_least_squares() -> None:
    """exp(−χ²/2) of every echo's fit, worked out by numpy."""
    z, columns, blank = tried(3)
    y = outcome(z, lambda z: 0.1 * z, 0.45, 3, noise=0.6)
    left = []
    for i in range(len(ECHOES)):
        x = columns[:, [i * (1 + BENDS), -1]]
        left.append(float(((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2).sum()))
    chi = (np.array(left) - min(left)) / (min(left) / len(y))
    expected = np.exp(-chi / 2) / np.exp(-chi / 2).sum()
    assert 0.1 < expected.max() < 0.99
    chosen, mix = choose(y, columns, blank, curved=False)
    np.testing.assert_allclose(chosen.echo[0], expected, rtol=1e-3)
    straight = columns[:, : len(ECHOES) * (1 + BENDS) : 1 + BENDS] @ expected
    np.testing.assert_allclose((columns @ mix)[:, 0], straight / blank.size[0], rtol=1e-2, atol=1e-3)


def test_where_rows_are_few_everything_stays_straight() -> None:
    z, columns, blank = tried(1)
    chosen, mix = choose(outcome(z, lambda z: z**2, 0.0, 1), columns, blank, curved=False)
    np.testing.assert_array_equal(chosen.bend, [0, 0])
    np.testing.assert_array_equal(chosen.lever, [0, -1])
    assert mix.shape == (columns.shape[1], 2)
