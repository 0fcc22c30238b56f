"""`fleetcast hardware`: which hardware serves a scenario, ranked by cost, and the best mix."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from capacity.commands.asking import asked_case
from capacity.commands.exit_codes import DONE, NOT_DONE
from capacity.fleet.mixing import mix
from capacity.fleet.ranking import rank
from capacity.market.hardware import DTYPES
from capacity.planning import median_stage
from capacity.report.hardware_table import hardware_json, hardware_text
from capacity.scenarios.settings import parse_pairs
from capacity.serving.length_presets import length_preset


def rank_hardware(arguments: argparse.Namespace) -> int:
    """Print the ranking and, where asked for, the mix.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where nothing serves the load. [1]
    """
    scenario, policy = asked_case(arguments)
    market, traffic = median_stage(scenario, policy, seed=arguments.seed, draws=arguments.draws)
    if arguments.rate is not None:
        traffic = replace(traffic, rate=np.full((1, 1), _positive(arguments.rate)))
    if arguments.month:
        # The traffic holds the events; one after the month would lie outside of this scenario.
        then = replace(scenario, start=arguments.month, end=arguments.month, events=())
        market = replace(market, scenario=then)
    ranked = rank(market, traffic, arguments.dtype or DTYPES)
    mixed = None
    if arguments.mix and any(item.option is not None for item in ranked):
        lengths = length_preset(arguments.lengths).model
        limits = _limits(arguments.limit)
        mixed = mix(market, traffic, ranked, lengths, bins=arguments.bins, limits=limits)
    print((hardware_json if arguments.json else hardware_text)(ranked, mixed))
    return DONE if any(item.serves for item in ranked) else NOT_DONE


def _positive(rate: float) -> float:
    if not 0.0 < rate < np.inf:
        raise ValueError(f"--rate must be above 0 requests/s, got {rate}")
    return rate


def _limits(texts: Sequence[str]) -> dict[str, float]:
    """Most nodes by accelerator."""
    limits = {}
    for name, text in parse_pairs(texts).items():
        if not text.isdecimal():
            raise ValueError(f"--limit {name}={text[:40]!r}: allowed are whole nodes from 0")
        limits[name] = float(text)
    return limits
