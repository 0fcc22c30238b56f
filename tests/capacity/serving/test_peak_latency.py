from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.fleet.redundancy_rule import design_failures
from capacity.fleet.sizing import Option, Traffic, batch_at_limits, size
from capacity.market.catalogue import shipped_catalogue
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.serving.latency import LatencyLimits, tpot_s, ttft_s
from capacity.serving.length_presets import length_preset
from capacity.serving.lengths import LengthCurve, LengthModel
from capacity.serving.peak_latency import PeakLoad, peak_latency, replica_speed, replicas_for_share
from capacity.serving.replica import Replica, TokenLengths

CATALOGUE, CONSTANTS = shipped_catalogue(), shipped_constants()
CONVERSATION = length_preset("azure2023_conv").model
EQUAL = LengthModel(LengthCurve.fit(1150.0, {}, 0.01), LengthCurve.fit(210.0, {}, 0.01))
LIMITS = LatencyLimits.of(ttft_s=1.0, tpot_s=0.05)
ONE = np.ones((1, 1))


def replica(card: str = "H100-SXM", model: str = "llama-3.1-8b", tp: int = 1) -> Replica:
    return Replica(CATALOGUE.accelerators[card], CATALOGUE.architectures[model], tp=tp)


def test_an_idle_replica_has_the_latency_of_a_lone_request() -> None:
    found = peak_latency(replica(), PeakLoad(1e-6, EQUAL), CONSTANTS)
    lengths = TokenLengths.of(1150, 210)
    alone = float(ttft_s(replica(), 1, lengths, CONSTANTS))
    step = float(tpot_s(replica(), 1, lengths, CONSTANTS))
    assert np.median(found.tpot_s) == pytest.approx(step, rel=0.03)
    # `ttft_s` counts half a step of waiting, which an idle replica does not ask for.
    assert np.median(found.ttft_s) == pytest.approx(alone - 0.5 * step, rel=0.03)
    assert found.p_lost == found.p_wait == 0.0


def test_latency_rises_with_the_load_and_the_share_within_limits_falls() -> None:
    most = replica_speed(replica(), PeakLoad(1.0, CONVERSATION), CONSTANTS).capacity
    found = [
        peak_latency(replica(), PeakLoad(use * most, CONVERSATION), CONSTANTS)
        for use in (0.2, 0.5, 0.8, 0.95)
    ]
    for kind in ("ttft_s", "tpot_s"):
        for p in (0.5, 0.9):
            assert np.all(np.diff([np.quantile(getattr(one, kind), p) for one in found]) > 0.0)
    assert np.all(np.diff([one.share(LIMITS) for one in found]) <= 0.0)


def test_more_replicas_than_the_least_serve_and_one_fewer_do_not() -> None:
    load, one = PeakLoad(40.0, CONVERSATION), replica("L40S")
    least = replicas_for_share(one, load, LIMITS, 0.95, CONSTANTS)
    assert peak_latency(one, load, CONSTANTS, least).share(LIMITS) >= 0.95
    assert peak_latency(one, load, CONSTANTS, least - 1).share(LIMITS) < 0.95


@pytest.mark.parametrize(("change", "sign"), [({"burst": 60.0}, 1), ({"cached_share": 0.8}, -1)])
def test_bursts_take_more_replicas_and_cached_prompts_fewer(
    change: dict[str, float], sign: int
) -> None:
    load = PeakLoad(200.0, CONVERSATION)
    base, other = (
        replicas_for_share(replica("L40S"), item, LIMITS, 0.95, CONSTANTS)
        for item in (load, replace(load, **change))  # type: ignore[arg-type]
    )
    assert sign * (other - base) > 0


def test_a_share_that_an_idle_replica_misses_is_refused() -> None:
    tight = LatencyLimits.of(ttft_s=0.012, tpot_s=0.05)
    with pytest.raises(ValueError, match="out of reach: an idle replica keeps the limits for"):
        replicas_for_share(replica(), PeakLoad(10.0, CONVERSATION), tight, 0.95, CONSTANTS)


def test_a_model_that_does_not_fit_says_by_how_much() -> None:
    with pytest.raises(ValueError, match=r"the weights exceed the memory by \d"):
        replica_speed(replica(model="llama-3.1-70b"), PeakLoad(1.0, CONVERSATION), CONSTANTS)


def test_overload_without_leaving_is_refused_and_with_leaving_loses_the_excess() -> None:
    small = replace(CONSTANTS, max_batch=16)
    most = replica_speed(replica(), PeakLoad(1.0, CONVERSATION), small).capacity
    with pytest.raises(ValueError, match="at least 2 replicas"):
        peak_latency(replica(), PeakLoad(1.5 * most, CONVERSATION), small)
    load = PeakLoad(1.5 * most, CONVERSATION, leaving_rate=0.1)
    found = peak_latency(replica(), load, small)
    assert 0.3 < found.p_lost < 0.5
    assert np.mean(np.isinf(found.ttft_s)) == pytest.approx(found.p_lost, abs=0.02)


AGREEMENT = 0.06  # of the replicas, or one replica


@pytest.mark.parametrize(
    ("card", "node", "model", "tp", "rate"),
    [
        ("H100-SXM", "p5.48xlarge", "llama-3.1-8b", 1, 50.0),
        ("H100-SXM", "p5.48xlarge", "llama-3.1-8b", 1, 300.0),
        ("A100-SXM-40", "p4d.24xlarge", "llama-2-13b", 2, 50.0),
        ("A100-SXM-40", "p4d.24xlarge", "llama-3.1-8b", 1, 300.0),
        ("H100-SXM", "p5.48xlarge", "llama-3.1-70b", 4, 50.0),
    ],
)
def test_the_finer_check_agrees_with_the_sizing_of_the_plan(
    card: str, node: str, model: str, tp: int, rate: float
) -> None:
    one, policy = replica(card, model, tp), Policy(regions=2)
    traffic = Traffic(ONE * rate, TokenLengths(ONE * 1150, ONE * 0, ONE * 210), ONE, ONE)
    option = Option(CATALOGUE.instances[node], one)
    inputs = {name: item.estimate for name, item in ASSUMPTIONS.items()}
    point = batch_at_limits(option, traffic, policy, CONSTANTS)
    need = size(option, point, traffic, policy, design_failures(inputs, policy))
    planned = np.ceil(need.load_gpus.item() / one.gpus)
    limits = LatencyLimits.of(policy.ttft_s, policy.tpot_s)
    finer = replicas_for_share(one, PeakLoad(rate, EQUAL), limits, policy.latency_share, CONSTANTS)
    assert abs(finer - planned) <= max(1.0, AGREEMENT * planned)
