"""Which shrinkage foretells an enterprise that a group has not seen? Held-out log-likelihood of benchmarks.

    python tests/benchmarks/judge_benchmarks.py 1221 1222 1223 [--enterprises 240] [--apart 0.0]

Every world's official values (a year, all five indicators) are parted into five; what four parts say of a
member's group is held against the fifth: the mean log probability of the tenth (of the four parts' values)
that a held-out value falls into. Guessing blindly scores log 0.1 = -2.303. `--apart` moves whole cities by so
many standard deviations of normal scores, which simulated provinces do not do by themselves.

`fixed 10`: a group's own distribution mixed with that of the group around it, which counts as ten members
(what was shown before); `learned mixture`: the same with the weight that is likeliest on the four parts, for
each layer; `moved`: what is shown now, everybody's distribution moved by the shrunk mean score.
"""

import argparse

import numpy as np
import pandas as pd
from scipy import special

from features.evidence import evidence_with_notes
from features.simulator import World
from features.tables import FrameTables
from models.portfolio.shrinkage import depths, normal_scores
from qm_rules import grade, load_pack, parse_evidence
from serving.web.scales import INDICATORS

TENTHS = 10
WEIGHTS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 400, 1000, 1e4)
NESTINGS = {
    "division > size": ("division", "size"),
    "division > size > city": ("division", "size", "city"),
    "division > city > size": ("division", "city", "size"),
}


def official_values(seed, enterprises, months=14):
    """A row per enterprise: its groups and its five official values."""
    tables = World(seed, enterprises, months).tables()
    register = tables["enterprises"].to_pandas().set_index("enterprise_id")
    rows = []
    for document, notes in evidence_with_notes(FrameTables(tables), None, None):
        found = grade(parse_evidence(document), pack=load_pack(), notes=notes).to_dict()
        own = register.loc[found["enterprise_id"]]
        groups = {"division": own["industry_code"][:2], "size": own["size"], "city": own["region_code"][:4]}
        groups["enterprise_id"] = found["enterprise_id"]
        rows.append(groups | {name: found["indicators"][name]["value"] for name in INDICATORS})
    return pd.DataFrame(rows)


def layers_of(frame, order):
    """Codes of nested groups, the largest first."""
    text, layers = pd.Series("", index=frame.index), []
    for name in order:
        text = text + "|" + frame[name].astype(str)
        layers.append(np.unique(text, return_inverse=True)[1])
    return layers


def mixture(layers, tenth, train, weights, without=0.0):
    """Probabilities N × TENTHS of a group's own counts mixed with those around it."""
    answer = np.full((len(tenth), TENTHS), 1 / TENTHS)
    for layer, weight in zip(layers, weights, strict=False):
        counts = np.zeros((layer.max() + 1, TENTHS))
        np.add.at(counts, (layer[train], tenth[train]), 1)
        own = counts[layer]
        own[np.arange(len(tenth)), tenth] -= without * train
        answer = (own + weight * answer) / (own.sum(axis=1, keepdims=True) + weight)
    return answer


def learned(layers, tenth, train):
    """The weights that foretell each training member best from the others, layer by layer."""
    found = []
    for _ in layers:
        scores = [
            np.log(mixture(layers, tenth, train, [*found, w], 1.0)[train, tenth[train]]).sum()
            for w in WEIGHTS
        ]
        found.append(WEIGHTS[int(np.argmax(scores))])
    return mixture(layers, tenth, train, found)


def moved(layers, scores, train, edges):
    """The product's own: everybody's distribution, moved by the shrunk mean."""
    known = scores[train]
    renumbered, inside = [], []
    for layer in layers:
        numbers, codes = np.unique(layer[train], return_inverse=True)
        renumbered.append(codes)
        at = np.searchsorted(numbers, layer).clip(0, len(numbers) - 1)
        inside.append(np.where(numbers[at] == layer, at, -1))
    mean, unsure = np.full(len(scores), known.mean()), np.zeros(len(scores))
    for depth, at in zip(depths(known, renumbered), inside, strict=True):
        drawn, left = depth.drawn(mean, at.clip(0), unsure)
        mean = np.where(at >= 0, drawn, mean)
        unsure = np.where(at >= 0, left, unsure + depth.between)
        variance = unsure + depth.within
    below = special.ndtr((edges[None, :] - mean[:, None]) / np.sqrt(variance)[:, None])
    ends = np.zeros((len(scores), 1)), np.ones((len(scores), 1))
    return np.diff(np.hstack([ends[0], below, ends[1]]), axis=1)


def judged(frame, seed, apart):
    """Log scores by (nesting, method)."""
    found, rng = {}, np.random.default_rng(seed)
    for name in INDICATORS:
        rows = frame[frame[name].notna()].reset_index(drop=True)
        scores = normal_scores(rows[name].astype(float).to_numpy())
        _, city = np.unique(rows["city"], return_inverse=True)
        scores = scores + apart * rng.standard_normal(city.max() + 1)[city]
        fold = rng.permutation(len(scores)) % 5
        for part in range(5):
            train = fold != part
            edges = np.quantile(scores[train], np.arange(1, TENTHS) / TENTHS)
            tenth = np.searchsorted(edges, scores, side="right")
            for nesting, order in NESTINGS.items():
                layers = [np.zeros(len(scores), dtype=int), *layers_of(rows, order)]
                answers = {
                    "fixed 10": mixture(layers, tenth, train, [10.0] * len(layers)),
                    "learned mixture": learned(layers, tenth, train),
                    "moved": moved(layers[1:], scores, train, edges),
                }
                for method, answer in answers.items():
                    own = np.log(answer[~train, tenth[~train]])
                    found.setdefault((nesting, method), []).append(own)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--enterprises", type=int, default=240)
    parser.add_argument("--apart", type=float, default=0.0)
    asked = parser.parse_args()
    table = {}
    for seed in asked.seeds:
        found = judged(official_values(seed, asked.enterprises), seed, asked.apart)
        for key, parts in found.items():
            table.setdefault(key, []).append(np.concatenate(parts).mean())
    print(f"mean log probability of a held-out tenth (blind: {np.log(1 / TENTHS):.3f}), over {asked.seeds}")
    for (nesting, method), scores in table.items():
        print(f"{nesting:24} {method:16} {np.mean(scores):.4f}   worst {min(scores):.4f}")


if __name__ == "__main__":
    main()
