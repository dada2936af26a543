"""Does the evidence carry the level? One-sided 95 % bounds, asked only as "does it miss this threshold".

Clopper-Pearson: the upper bound of x nonconforming in n exceeds p exactly if P(X ≤ x | n, p) > 0.05, so no
bound is ever solved for: one binomial tail decides. It is summed from the largest term down (Loader 2000,
"Fast and accurate computation of binomial probabilities", gives that term to 1e-13), and summed again in
decimals where it comes within 1e-9 of 0.05, so that all machines agree. Two screens with proven error bounds
(Chernoff; Uspensky's expansion) spare most evidences the sum.
"""

from __future__ import annotations

from decimal import Context, Decimal
from math import erfc, exp, lgamma, log, log1p, pi, sqrt

from qm_rules.exact import Ratio

ALPHA = 0.05
LOG_ALPHA = log(ALPHA)
Z_SQUARED: Ratio = (270554345409541456707303227238, 10**29)
"""Square of the 95 % point of the normal distribution, to 30 digits."""

_CHERNOFF = -LOG_ALPHA * (1 + 1e-9)
_WIDE = 1e5  # from this standard deviation on, the expansion below is good to 1e-10 and summing would be slow
_UNTIL = 25.0  # from this variance on, that expansion errs by less than 0.5/variance (Uspensky 1937, p. 129)
_NEAR = 1e-9
_MOST_DECIMAL_TERMS = 10_000
_DECIMALS = Context(prec=50)
_HALF_LOG_2PI = 0.5 * log(2 * pi)


def counts_miss(nonconforming: int, n: int, threshold: Ratio) -> bool:
    """Say whether the 95 % Clopper-Pearson upper bound of nonconforming/n exceeds the threshold (in 0-1)."""
    p = threshold[0] / threshold[1]
    if nonconforming >= n * p:
        return True
    if nonconforming == 0:
        return _is_above(exp(max(n * log1p(-p), -700.0)), 0, n, threshold)
    if n * _divergence(nonconforming / n, p) > _CHERNOFF:  # Chernoff: the tail is surely below 0.05
        return False
    variance = n * p * (1 - p)
    if variance >= _UNTIL:
        quick = _expansion((nonconforming + 0.5 - n * p) / sqrt(variance), (1 - 2 * p) / sqrt(variance))
        if abs(quick - ALPHA) > 0.5 / variance:
            return quick > ALPHA
    return _is_above(binomial_tail(nonconforming, n, p), nonconforming, n, threshold)


def cpk_misses(cpk: Ratio, n: int, threshold: Ratio) -> bool:
    """Say whether the lower bound Ĉ − z·√(1/(9n) + Ĉ²/(2(n−1))) is below the threshold, exactly.

    Asked of a Ĉ that is not itself below it.
    Bissell (1990), How Reliable is Your Capability Index?, Applied Statistics 39(3). Needs n ≥ 2.
    """
    (c, d), (t, u), (z, w) = cpk, threshold, Z_SQUARED
    distance = c * u - t * d
    return distance * distance * w * 18 * n * (n - 1) < z * u * u * (2 * (n - 1) * d * d + 9 * n * c * c)


def binomial_tail(x: int, n: int, p: float) -> float:
    """Return P(X ≤ x) of a binomial with 0 < x < np, to about 1e-10."""
    q = 1 - p
    deviation = sqrt(n * p * q)
    if deviation > _WIDE:
        return _expansion((x + 0.5 - n * p) / deviation, (q - p) / deviation)
    total = term = 1.0
    for k in range(x, 0, -1):
        term *= k * q / ((n - k + 1) * p)
        total += term
        if term < 1e-17 * total:
            break
    return total * _point(x, n, p)


def _is_above(tail: float, x: int, n: int, threshold: Ratio) -> bool:
    """Say whether the tail is above 0.05, by decimals where floats are too close to say."""
    if abs(tail - ALPHA) > _NEAR or x > _MOST_DECIMAL_TERMS:
        return tail > ALPHA
    return _decimal_tail(x, n, threshold) > Decimal("0.05")


def _decimal_tail(x: int, n: int, threshold: Ratio) -> Decimal:
    c = _DECIMALS
    p = c.divide(Decimal(threshold[0]), Decimal(threshold[1]))
    odds = c.divide(p, c.subtract(Decimal(1), p))
    total = term = c.power(c.subtract(Decimal(1), p), Decimal(n))
    for k in range(x):
        term = c.divide(c.multiply(term, c.multiply(odds, Decimal(n - k))), Decimal(k + 1))
        total = c.add(total, term)
    return total


def _divergence(a: float, p: float) -> float:
    """Return the Kullback-Leibler divergence of two proportions, 0 < a < p < 1."""
    return a * log(a / p) + (1 - a) * (log1p(-a) - log1p(-p))


def _expansion(z: float, skewness: float) -> float:
    """Return the normal tail with continuity and skewness corrected (Edgeworth, to order 1/variance)."""
    density = exp(-0.5 * z * z) / sqrt(2 * pi)
    return 0.5 * erfc(-z / sqrt(2)) - density * skewness * (z * z - 1) / 6


def _point(x: int, n: int, p: float) -> float:
    """Return P(X = x), 0 < x < n, by Loader's saddle point form: no large numbers cancel."""
    log_factor = _stirling_error(n) - _stirling_error(x) - _stirling_error(n - x)
    deviance = _deviance(x, n * p) + _deviance(n - x, n * (1 - p))
    return exp(log_factor - deviance) * sqrt(n / (2 * pi * x * (n - x)))


def _stirling_error(n: int) -> float:
    """Return log n! minus Stirling's formula."""
    if n <= 15:
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - _HALF_LOG_2PI
    s = 1 / (n * n)
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - s / 1188) * s) * s) * s) / n


def _deviance(x: float, mean: float) -> float:
    """Return x·log(x/mean) + mean − x without cancellation where x is close to the mean."""
    if abs(x - mean) > 0.1 * (x + mean):
        return x * log(x / mean) + mean - x
    v = (x - mean) / (x + mean)
    total, power, j = (x - mean) * v, 2 * x * v, 1
    while True:
        power *= v * v
        following = total + power / (2 * j + 1)
        if following == total:
            return total
        total, j = following, j + 1
