"""How far are Ppk by percentiles, and its interval, from the truth? Several estimators on known processes.

    python -W ignore tests/benchmarks/judge_percentiles.py [--samples 400]

Every process has limits that make both its upper and its lower index 1.33. Printed as a table for
docs/capability.md: bias and root mean square error of the upper / the lower index in per cent of
the true one (errors beyond +300 % count as that), then how often the 95 % interval of each holds
the truth. `likelihood` is the likeliest of normal, lognormal, gamma and Weibull, the last three
from zero on.
"""

import argparse

import numpy as np
from scipy import special, stats

from features.capability.catalogue import HIGH, LOW, MID
from features.capability.percentiles import fit, geometric, interval

PLACES = np.array([LOW, MID, HIGH])
TRUE = 1.33
SIZES = (50, 125, 500)
NAMED = {
    "lognormal 0.5": stats.lognorm(0.5),
    "weibull 1.5": stats.weibull_min(1.5),
    "weibull 0.9": stats.weibull_min(0.9),
    "exponential": stats.expon(),
    "gamma 3": stats.gamma(3),
    "folded normal": stats.foldnorm(0),
    "uniform + noise": None,
    "two normals": None,
    "t, 5": stats.t(5),
    "t, 3": stats.t(3),
}


def draw(name, rng, shape):
    if name == "uniform + noise":
        return rng.random(shape) + 0.1 * rng.normal(size=shape)
    if name == "two normals":
        return rng.normal(size=shape) + 4.4 * (rng.random(shape) < 0.37)
    return NAMED[name].rvs(size=shape, random_state=rng)


def truth(name):
    """The percentiles; of the two mixtures by inverting their distribution functions."""
    if NAMED[name] is not None:
        return NAMED[name].ppf(PLACES)
    if name == "two normals":
        return _inverted(lambda x: 0.63 * special.ndtr(x) + 0.37 * special.ndtr(x - 4.4))
    middle = (np.arange(20_000) + 0.5) / 20_000
    return _inverted(lambda x: special.ndtr((x - middle) / 0.1).mean())


def _inverted(share):
    line = np.linspace(-9, 15, 24_001)
    return np.interp(PLACES, [share(x) for x in line], line)


def ours(x):
    return fit(x).points


def normal(x):
    return x.mean(axis=1)[:, None] + x.std(axis=1, ddof=1)[:, None] * [-3, 0, 3]


def order_statistics(x):
    return np.quantile(x, PLACES, axis=1, method="weibull").T


def johnson(x):
    """Slifker & Shapiro (1980), with z = 0.524: unbounded or bounded by four percentiles."""
    z, n = 0.524, x.shape[1]
    places = special.ndtr(z * np.array([-3, -1, 1, 3])) * n - 0.5
    a, b, c, d = (np.array([np.interp(at, np.arange(n), row) for row in x]) for at in places)
    m, low, p = (d - c) / (c - b), (b - a) / (c - b), c - b
    unbounded = m * low > 1
    points = np.array([-3, 0, 3])
    with np.errstate(all="ignore"):
        root = np.sqrt(m * low - 1)
        eta = 2 * z / np.arccosh((m + low) / 2)
        gamma = eta * np.arcsinh((low - m) / (2 * root))
        scale = 2 * p * root / ((m + low - 2) * np.sqrt(m + low + 2))
        start = (c + b) / 2 + p * (low - m) / (2 * (m + low - 2))
        wide = start[:, None] + scale[:, None] * np.sinh((points - gamma[:, None]) / eta[:, None])
        q, r = 1 / m, 1 / low
        product = (1 + q) * (1 + r)
        eta = z / np.arccosh(np.sqrt(product) / 2)
        gamma = eta * np.arcsinh((r - q) * np.sqrt(product - 4) / (2 * (q * r - 1)))
        scale = p * np.sqrt((product - 2) ** 2 - 4) / (q * r - 1)
        start = (c + b) / 2 - scale / 2 + p * (r - q) / (2 * (q * r - 1))
        narrow = start[:, None] + scale[:, None] * special.expit((points - gamma[:, None]) / eta[:, None])
    return np.where(unbounded[:, None], wide, narrow)


def likelihood(x):
    return np.array([_likeliest(row) for row in x])


def _likeliest(row):
    families = [(stats.norm, {})]
    if row.min() > 0:
        families += [(family, {"floc": 0}) for family in (stats.lognorm, stats.gamma, stats.weibull_min)]
    fitted = [family(*family.fit(row, **fixed)) for family, fixed in families]
    return max(fitted, key=lambda one: one.logpdf(row).sum()).ppf(PLACES)


METHODS = {
    "L-moments (ours)": ours,
    "normal, ±3σ": normal,
    "order statistics": order_statistics,
    "Johnson": johnson,
    "likelihood": likelihood,
}


def judged(points, lsl, usl):
    index = geometric(*points.T, lsl, usl)
    errors = np.clip(np.stack([index.upper, index.lower]) / TRUE - 1, -3, 3)
    return 100 * np.nanmean(errors, axis=1), 100 * np.sqrt(np.nanmean(errors**2, axis=1))


def covered(x, lsl, usl):
    fitted, none = fit(x), np.full(len(x), np.nan)
    pairs = ((none, np.full(len(x), usl)), (np.full(len(x), lsl), none))
    found = [interval(fitted, *pair)[1] for pair in pairs]
    return [100 * np.mean((low <= TRUE) & (high >= TRUE)) for low, high in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=400)
    samples = parser.parse_args().samples
    for n in SIZES:
        print(f"\n| n = {n} |", " | ".join(METHODS), "| covered |\n|---|---|---|---|---|---|---|")
        everything = {name: [] for name in METHODS}
        for process in NAMED:
            x = np.sort(draw(process, np.random.default_rng(n), (samples, n)), axis=1)
            low, mid, high = truth(process)
            lsl, usl = mid - TRUE * (mid - low), mid + TRUE * (high - mid)
            cells = []
            for name, method in METHODS.items():
                few = 60 if name == "likelihood" else samples
                bias, error = judged(method(x[:few]), lsl, usl)
                everything[name].append(error)
                cells.append(f"{bias[0]:+.0f}, {error[0]:.0f} | {bias[1]:+.0f}, {error[1]:.0f}")
            cover = covered(x, lsl, usl)
            print(f"| {process} | " + " | ".join(cell.replace(" | ", " / ") for cell in cells), end=" | ")
            print(f"{cover[0]:.0f} / {cover[1]:.0f} |", flush=True)
        means = [f"{np.mean(errors):.0f}" for errors in everything.values()]
        print("| mean error | " + " | ".join(means) + " | |")


if __name__ == "__main__":
    main()
