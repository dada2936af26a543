"""Other people's forecasters, really run beside ours on the same cells: `zhuoyue backtest --against peers`.

statsforecast and mlforecast are the optional extra `peers`; they are imported in this room alone, and only
when one of their peers is asked.
"""

from __future__ import annotations

from models.peers import machine, simple
from models.peers.libraries import PeersMissingError, library
from models.peers.question import Answer, Peer, Question
from models.peers.statistical import automatic

PEERS: dict[str, Peer] = {
    "naive": Peer(simple.carried(simple.last_value)),
    "snaive": Peer(simple.carried(simple.seasonal_value)),
    "ewma3": Peer(simple.carried(simple.weighted_mean(3.0))),
    "ewma12": Peer(simple.carried(simple.weighted_mean(12.0))),
    "mean": Peer(simple.carried(simple.entity_mean)),
    "ets": Peer(automatic("AutoETS", seasonal=True), "statsforecast"),
    "ets_plain": Peer(automatic("AutoETS", seasonal=False), "statsforecast"),
    "arima": Peer(automatic("AutoARIMA", seasonal=True), "statsforecast", slow=True),
    "theta": Peer(automatic("AutoTheta", seasonal=True), "statsforecast"),
    "mlforecast": Peer(machine.documented_mlforecast, "mlforecast"),
    "ridge": Peer(machine.ridge),
    "lightgbm": Peer(machine.plain_lightgbm),
}


class UnknownPeerError(ValueError):
    """A peer was asked for that is not here."""


def chosen(names: str) -> dict[str, Peer]:
    """Peers by comma-separated names, all of them for ""; raises if one is unknown or its library missing."""
    wanted = tuple(name.strip() for name in names.split(",") if name.strip()) or tuple(PEERS)
    unknown = [name for name in wanted if name not in PEERS]
    if unknown:
        raise UnknownPeerError(f"--peers: found {', '.join(unknown)}; allowed: {', '.join(PEERS)}")
    for name in wanted:
        if PEERS[name].needs:
            library(PEERS[name].needs)
    return {name: PEERS[name] for name in wanted}


__all__ = ["PEERS", "Answer", "Peer", "PeersMissingError", "Question", "UnknownPeerError", "chosen"]
