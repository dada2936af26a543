"""Outcome and levers with everything that the past, the surroundings and the season already say taken out.

Double machine learning of the partially linear model (Robinson 1988, *Econometrica* 56; Chernozhukov et al.
2018, *Econometrics Journal* 21), in two layers. `models.effects.whitening` turns both sides into one-step
prediction errors; what history, surroundings and season still predict of these is learned out of fold, by
blocks of time, and taken off both sides.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from models.effects.calibration import Settings
from models.effects.choosing import choose
from models.effects.history import controls
from models.effects.links import FloatArray
from models.effects.nuisance import out_of_fold
from models.effects.pairs import products, with_pairs
from models.effects.panel import IntArray, Panel
from models.effects.responses import (
    BENDS,
    ECHOES,
    OWN,
    SURROUNDING,
    Responses,
    echoing,
    knots_of,
    led,
    shapes,
)
from models.effects.series import Series, series_of, upstream_of
from models.effects.whitening import Noise, fit_noise, whiteners

ROWS_PER_CURVE: Final = 40
PASSES: Final = 2
MOST_ERROR: Final = 0.7


@dataclass(frozen=True)
class Residuals:
    """n rows of prediction errors of one target, each of variance about one, by series and period.

    `y` (n,); `d` (n, K) the columns of `responses`; `who`, `series`, `t` (n,) enterprise, series and period;
    `predicted` (K,) share of a column's own news that past outcomes, surroundings and season foretold;
    `noise` (n, K) variance of the columns' own error, to be taken off d'd; `upstream` (n, K) the columns of
    levers that act on the step before the row's own.
    """

    y: FloatArray
    d: FloatArray
    noise: FloatArray
    upstream: FloatArray
    who: IntArray
    series: IntArray
    t: IntArray
    responses: Responses
    predicted: FloatArray
    enterprises: int
    squares: FloatArray

    def left(self, theta: FloatArray) -> FloatArray:
        """What effects `theta` (K,) leave unexplained of the outcome (n,)."""
        return np.asarray(self.y - self.d @ theta)


def residualise(panel: Panel, settings: Settings, target: str) -> Residuals:
    """Prediction errors of `target` (of its steps, for `ftq`) and of what may act on it.

    Curves are considered where there are at least `ROWS_PER_CURVE` rows per lever.
    """
    series = series_of(panel, settings, target)
    blank = _blank(panel, settings, series)
    noise = _noise(series, _straight(panel, settings, series))
    whitener = whiteners(noise, series.counting, series.known)
    acting = news_of(panel, settings, series, whitener, blank.knots)
    y = np.matmul(whitener, series.within(series.y[:, :, None]))
    around = np.matmul(whitener, series.within(_around(settings, series)))
    rows = np.nonzero(series.known)
    t = rows[1].astype(np.int64)
    weight, past = weights_of(whitener)[rows], controls(panel, series)[rows]
    news = without_shared(np.concatenate([y, acting, around], axis=2)[rows], weight, t)
    left = news - out_of_fold(past, news, t)
    curved = len(t) >= ROWS_PER_CURVE * max(len(panel.levers), 1)
    responses, mix = choose(left[:, 0], left[:, 1:], blank, curved)
    pairs = products(panel, settings, series, whitener)
    crossed = _left(pairs.columns[rows], weight, past, t)
    d, responses = with_pairs(left[:, 0], left[:, 1:] @ mix, crossed, pairs.levers, responses)
    before = news_of(panel, settings, upstream_of(panel, series), whitener, blank.knots)[rows]
    return Residuals(
        y=left[:, 0],
        d=d,
        noise=believed(d, _error(settings, series, whitener, responses)[rows]),
        upstream=_wide(without_shared(before @ mix[: before.shape[1]], weight, t), d),
        who=series.who[rows[0]],
        series=rows[0].astype(np.int64),
        t=t,
        responses=responses,
        predicted=_share(d, _wide(news[:, 1:] @ mix, d)),
        enterprises=len(panel.enterprises),
        squares=own_squares(left[:, 1:], responses.echo),
    )


def own_squares(tried: FloatArray, echo: FloatArray) -> FloatArray:
    """(n, J) from all that was tried: each lever's square about the line's usual place, with its echo."""
    levers = len(echo)
    columns = tried[:, : levers * len(ECHOES) * (1 + BENDS)].reshape(-1, levers, len(ECHOES), 1 + BENDS)
    return np.asarray(np.einsum("nje,je->nj", columns[:, :, :, OWN], echo))


def _left(columns: FloatArray, weight: FloatArray, past: FloatArray, t: IntArray) -> FloatArray:
    """Columns (n, k) less what all of a period share and what the past foretold of them."""
    own = without_shared(columns, weight, t)
    return np.asarray(own - out_of_fold(past, own, t)) if own.shape[1] else own


def _wide(columns: FloatArray, like: FloatArray) -> FloatArray:
    """Columns (n, k) with zeros for the products at the end of `like` (n, K)."""
    return np.concatenate([columns, np.zeros((len(columns), like.shape[1] - columns.shape[1]))], axis=1)


def news_of(
    panel: Panel, settings: Settings, series: Series, whitener: FloatArray, knots: FloatArray
) -> FloatArray:
    """(S, T, J·echoes·(1 + BENDS)): in each row, the same combination of the levers' past that the whitened
    outcome is of its own, every past level as known at the row's period.
    """
    j, (s, t) = len(panel.levers), series.known.shape
    columns = np.zeros((s, t, j, len(ECHOES), 1 + BENDS))
    echoes, usual = np.stack([echoing(share, t) for share in ECHOES]), settings.usual
    for i in range(s):
        rows = np.matmul(whitener[i], echoes)
        for lever in np.flatnonzero(series.acts[i]):
            known = led(settings.known_at[series.who[i], lever], int(panel.lead[lever]))
            felt = shapes(known, knots[lever], float(usual[series.who[i], lever]))
            felt = felt - felt[np.arange(t), np.arange(t)].mean(axis=0)
            columns[i, :, lever] = np.einsum("etu,tub->teb", rows, felt)
    return columns.reshape(s, t, -1)


def weights_of(whitener: FloatArray) -> FloatArray:
    """(S, T) what a shock of the period itself weighs in its row."""
    return np.asarray(np.einsum("stt->st", whitener))


def without_shared(values: FloatArray, weight: FloatArray, t: IntArray, least: int = 5) -> FloatArray:
    """Rows (n, k) less what all of a period share, by weight (n,), where at least `least` know it."""
    size = int(t.max()) + 1
    power, count = np.bincount(t, weight**2, size), np.bincount(t, minlength=size)
    shared = np.zeros((size, values.shape[1]))
    np.add.at(shared, t, weight[:, None] * values)
    shared = np.where((count >= least)[:, None], shared / np.maximum(power, 1e-12)[:, None], 0.0)
    return np.asarray(values - weight[:, None] * shared[t])


def _around(settings: Settings, series: Series) -> FloatArray:
    return np.moveaxis(settings.z[series.who, series.acts.shape[1] :], 1, 2)


def _straight(panel: Panel, settings: Settings, series: Series) -> FloatArray:
    """Straight parts without echo, and the surroundings (S, T, J + C): enough to learn the noise from."""
    felt = [
        led(settings.z[series.who, j], int(panel.lead[j])) * series.acts[:, j, None]
        for j in range(len(panel.levers))
    ]
    return np.concatenate([np.moveaxis(np.array(felt), 0, 2), _around(settings, series)], axis=2)


def _noise(series: Series, columns: FloatArray) -> Noise:
    """Learns the noise from what a first, straight fit leaves over; the fit needs the noise, so twice."""
    noise, both = Noise(), series.within(np.concatenate([series.y[:, :, None], columns], axis=2))
    for _ in range(PASSES):
        whitener = whiteners(noise, series.counting, series.known)
        news = np.matmul(whitener, both)[series.known]
        x = news[:, 1:]
        theta = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ news[:, 0])
        left = both[:, :, 0] - both[:, :, 1:] @ theta
        noise = fit_noise(left, series.counting, series.known, noise)
    return noise


def _error(settings: Settings, series: Series, whitener: FloatArray, responses: Responses) -> FloatArray:
    """(S, T, K) variance of the surroundings' errors in the rows: white errors, weighed as they were."""
    weight = (whitener**2).sum(axis=2)
    around = responses.lever == SURROUNDING
    error = np.zeros((*weight.shape, len(around)))
    error[:, :, around] = (
        weight[:, :, None] * settings.error[series.who][:, None] / responses.size[around] ** 2
    )
    return error


def believed(d: FloatArray, error: FloatArray) -> FloatArray:
    """`error` (n, K), made smaller where it would take more than `MOST_ERROR` of what a column (n, K) has
    that the others have not: beyond that the correction would explode.
    """
    raw = d.T @ d
    raw[np.diag_indices_from(raw)] += 1e-9 * float(np.trace(raw)) / len(raw) + 1e-12
    own = 1 / np.diag(np.linalg.inv(raw))
    total = error.sum(axis=0)
    return np.asarray(error * np.minimum(1.0, MOST_ERROR * own / np.maximum(total, 1e-12)))


def _blank(panel: Panel, settings: Settings, series: Series) -> Responses:
    """Every column, each with weight on every echo: `choose` decides."""
    j, c = len(panel.levers), len(panel.surrounding_names)
    knots = knots_of(settings.z[:, :j], settings.has[:, :j])
    shaped = [series.within(_shaped(settings, series, k, knots[k])) for k in range(j)]
    return Responses(
        lever=np.concatenate([np.repeat(np.arange(j), 1 + BENDS), np.full(c, SURROUNDING)]).astype(np.int64),
        bend=np.concatenate([np.tile(np.arange(1 + BENDS), j), np.zeros(c)]).astype(np.int64),
        size=np.concatenate([*(_size(x) for x in shaped), _size(series.within(_around(settings, series)))]),
        centre=settings.centre[:j],
        scale=settings.scale[:j],
        lead=panel.lead,
        knots=knots,
        usual=settings.usual[:, :j],
        echo=np.full((j, len(ECHOES)), 1 / len(ECHOES)),
        pairs=np.zeros((0, 2), dtype=np.int64),
    )


def _shaped(settings: Settings, series: Series, lever: int, knots: FloatArray) -> FloatArray:
    """(S, T, 1 + BENDS) a lever's shapes where it acts."""
    z, usual = settings.z[series.who, lever], settings.usual[series.who, lever]
    parts = np.array([shapes(row, knots, float(place)) for row, place in zip(z, usual, strict=True)])
    return np.asarray(parts * series.acts[:, lever, None, None])


def _size(columns: FloatArray) -> FloatArray:
    """Root mean square over rows in which the column moves; 1 where it never does."""
    squares, count = (columns**2).sum(axis=(0, 1)), np.maximum((columns != 0).sum(axis=(0, 1)), 1)
    size = np.sqrt(squares / count)
    return np.where(size > 1e-9, size, 1.0)


def _share(left: FloatArray, before: FloatArray) -> FloatArray:
    kept = (left**2).sum(axis=0) / np.maximum((before**2).sum(axis=0), 1e-12)
    return np.asarray(np.clip(1 - kept, 0.0, 1.0))
