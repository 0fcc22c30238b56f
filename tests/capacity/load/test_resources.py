from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.load.resources import load, machines, network, storage
from capacity.policy import Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from forecast.shipped.datasets import profile

DAY = profile("burstgpt_chatgpt_conv")
X = {name: np.array([[item.estimate.mid]]) for name, item in ASSUMPTIONS.items()}
QUERIES = np.array([[1e6, 2e6, 3e6, 5e6]])
PARAMETERS = 13e9
SCALED = ("history_messages", "stream_bytes_per_token", "message_tokens", "request_bytes")


def rates(factor: float = 1.0, **changes: float) -> dict[str, Any]:
    x = X | {name: np.array([[value]]) for name, value in changes.items()}
    return load(QUERIES * factor / 3, QUERIES * factor, x, DAY)


def test_every_number_of_the_load_by_hand() -> None:
    found = rates(weekend_factor=0.8, peak_hour_error=1.1, peak_minute_ratio=1.2, cached_share=0.3)
    mean = 3e6 / 86_400
    hour = mean * 7 / (5 + 2 * 0.8) * DAY.max() * 1.1
    assert found["peak_hour_queries"][0, 2] == pytest.approx(hour * 3600)
    assert found["peak_rate"][0, 2] == pytest.approx(hour * 1.2)
    assert found["prompt_rate"][0, 2] == pytest.approx(hour * 1.2 * 1150 * 0.7)
    assert found["token_rate"][0, 2] == pytest.approx(hour * 1.2 * 210)
    assert found["queries_per_user"][0, 2] == pytest.approx(3)


def test_storage_by_hand() -> None:
    policy = Policy(conversation_retention_months=2, telemetry_retention_months=1, regions=3)
    found = storage(QUERIES, X, policy, PARAMETERS)
    month = 30.4375
    turns = (3e6 + 5e6) * month * ((95 + 210) * 4 + 500) / 1e15
    checkpoints = 4 * PARAMETERS * 14 * 60 / 1e15
    sets = 4.75e12 * 8 / 1e15
    logs = 5e6 * month * 3000 / 1e15
    expected = {
        "conversations_pb": turns * 3 * 3,
        "datasets_pb": sets * 1.5,
        "checkpoints_pb": checkpoints * 1.5,
        "telemetry_pb": logs * 1.5,
        "backups_pb": (turns + sets + checkpoints) * 1.5,
    }
    for name, value in expected.items():
        assert found[name][0, -1] == pytest.approx(value), name
    assert found["storage_pb"][0, -1] == pytest.approx(sum(expected.values()))


def test_network_by_hand() -> None:
    policy = Policy(zones=3, regions=2, database_copies=3, backup_copies=1)
    found = network(rates(), X, policy, PARAMETERS)
    peak, monthly = rates()["peak_rate"][0, 0], 1e6 * 30.4375 / 1e15
    turn, reply, history = (95 + 210) * 4 + 500, 210 * 195, 20 * 1390
    one = PARAMETERS * 14
    expected = {
        "user_gbit_s": peak * (reply + 2500) * 8e-9,
        "history_gbit_s": peak * history * 8e-9,
        "replication_gbit_s": peak * turn * (3 * 2 - 1 + 1) * 8e-9,
        "checkpoint_gbit_s": one * 8e-9 / 300,
        "egress_pb": monthly * reply,
        "transfer_pb": monthly * (reply + 2500 + history + turn * 6) + one * 60 * 2 / 1e15,
        "inter_zone_pb": monthly * (history * 2 / 3 + turn * 2),
        "inter_region_pb": monthly * turn * 2,
    }
    for name, value in expected.items():
        assert found[name][0, 0] == pytest.approx(value), name
    streams = ("user_gbit_s", "history_gbit_s", "replication_gbit_s")
    assert found["peak_gbit_s"][0, 0] == pytest.approx(sum(found[name][0, 0] for name in streams))


@pytest.mark.parametrize("spares", [0, 1, 3])
def test_databases_and_hosts_by_hand(spares: int) -> None:
    found = machines(np.array([[1234.0]]), X, Policy(zones=3, regions=3, read_spares=spares))
    primaries = math.ceil(1234 * 3 / 2500)
    replicas = math.ceil(1234 / 2 * 4 / 5000) + spares
    hosts = math.ceil(1234 / 2 / 120)
    assert found["databases"].item() == 2 * primaries + 3 * replicas
    assert found["hosts"].item() == 3 * (hosts + math.ceil(hosts / 2))


@given(st.integers(2, 6), st.floats(1, 1e6))
def test_the_hosts_of_a_region_survive_the_loss_of_a_zone(zones: int, rate: float) -> None:
    found = machines(np.array([[rate]]), X, Policy(zones=zones, regions=1))["hosts"].item()
    left = found - math.ceil(found / zones)
    assert left >= math.ceil(rate / 120)


@given(st.floats(1, 1000), st.sampled_from([load, network, storage, machines]))
@settings(max_examples=40)
def test_more_queries_never_need_less(factor: float, part: Callable[..., Any]) -> None:
    def run(k: float) -> dict[str, Any]:
        if part is load:
            return rates(k)
        if part is network:
            return network(rates(k), X, Policy(), PARAMETERS)
        if part is storage:
            return storage(QUERIES * k, X, Policy(), PARAMETERS)
        return machines(rates(k)["peak_rate"], X, Policy())

    few, many = run(1), run(factor)
    assert all(np.all(many[name] >= few[name] * (1 - 1e-12)) for name in few)


@given(st.sampled_from(SCALED), st.floats(1, 100))
@settings(max_examples=40)
def test_larger_messages_never_need_less_bandwidth(name: str, factor: float) -> None:
    larger = X | {name: X[name] * factor}
    few = network(rates(), X, Policy(), PARAMETERS)
    many = network(rates(), larger, Policy(), PARAMETERS)
    assert all(np.all(many[key] >= few[key] * (1 - 1e-12)) for key in few)


@pytest.mark.parametrize(
    ("name", "metric"),
    [("database_copies", "conversations_pb"), ("backup_copies", "backups_pb")],
)
def test_more_copies_store_more(name: str, metric: str) -> None:
    few = storage(QUERIES, X, Policy(**{name: 2}), PARAMETERS)
    many = storage(QUERIES, X, Policy(**{name: 3}), PARAMETERS)
    assert many[metric] == pytest.approx(few[metric] * 1.5)


def test_no_load_needs_no_bandwidth_but_for_checkpoints() -> None:
    found = network(rates(0.0 + 1e-300), X, Policy(), PARAMETERS)
    assert found["peak_gbit_s"].max() < 1e-200
    assert found["checkpoint_gbit_s"].min() > 1
