"""Page 3: what serves the load, and how fast."""

from __future__ import annotations

import streamlit as st

from capacity.dashboard import kept, session
from capacity.dashboard.controls import levers, uncertainties, word
from capacity.dashboard.display import (
    answer,
    beside,
    cards,
    chart,
    fact,
    folded,
    ranges,
    rejected,
    tabs,
    titled,
)
from capacity.dashboard.results import Shown
from capacity.numbers import plain, say
from capacity.report.cells import escaped

LOAD = ("peak_hour_queries", "peak_rate", "prompt_rate", "token_rate", "load_gpus", "serving_gpus")


def show() -> None:
    """Show the page."""
    titled("Capacity", "Which machines, how many, and whether they keep the latency targets.")
    with beside(_controls):
        found = answer(kept.result)
        if found is None:
            return
        load = [found.figures[name] for name in LOAD]
        _facts(found)
        cards([found.figures[name] for name in ("gpus", "utilisation")], None, wide=2)
        tabs(
            {
                "Waterfall": lambda: chart(found.charts["waterfall"], "machines.waterfall"),
                "GPUs by month": lambda: chart(found.charts["gpus"], "machines.gpus"),
                "Load": lambda: ranges(load, "Load in the last month"),
                "Not taken": lambda: rejected(found.rejections),
            },
            "capacity",
        )


def _controls() -> None:
    word("architecture")
    levers("provider", "instance", "tensor_parallel", "precision")
    levers("ttft_s", "tpot_s", "latency_share")
    uncertainties("prompt_tokens", "reply_tokens", "cached_share")
    folded("Shape of the load and the engine", "capacity_load", _load)


def _load() -> None:
    word("profile")
    uncertainties("weekend_factor", "peak_minute_ratio", "peak_hour_error")
    uncertainties("engine_maturity", "serving_error")


def _facts(found: Shown) -> None:
    """The replica, and its latency against the targets."""
    policy, replica, serving = session.now().policy, found.replica, found.serving
    one, two, three = st.columns(3)
    fact(
        one,
        "Batch of a replica",
        plain(serving.batch),
        f"{say(serving.tokens_per_s, 'tokens/s')}; bound by {serving.binding}",
        "requests that a replica serves at once, in the median draw",
    )
    fact(two, "TTFT", say(serving.ttft_s, "s"), f"target {say(policy.ttft_s, 's')}")
    fact(three, "TPOT", say(serving.tpot_s, "s"), f"target {say(policy.tpot_s, 's')}")
    st.markdown(
        escaped(
            f"{replica.architecture} in {replica.precision} on {replica.instance}: "
            f"{replica.node_gpus} {replica.accelerator} a node, {replica.replicas_per_node} "
            f"replicas of {replica.replica_gpus} GPUs each; {plain(replica.serving_nodes)} "
            f"serving nodes stand in {found.months[-1]}."
        )
    )


if __name__ == "__main__":
    show()
