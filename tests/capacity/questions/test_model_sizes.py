"""The same load on models of other sizes."""

from __future__ import annotations

import pytest

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.questions.model_sizes import ModelSize, model_sizes
from capacity.scenarios.scenario import Scenario


@pytest.fixture(scope="module")
def sizes() -> dict[str, ModelSize]:
    found = plan(Scenario.load("reported-case"), draws=200)
    assert isinstance(found, CapacityPlan)
    return {size.architecture: size for size in model_sizes(found)}


def test_a_larger_model_of_one_family_takes_more_gpus(sizes: dict[str, ModelSize]) -> None:
    family = [sizes[f"llama-2-{name}"].gpus for name in ("7b", "13b", "70b")]
    assert 0 < family[0] < family[1] < family[2]


def test_sharing_key_value_heads_takes_fewer_gpus_at_one_size(
    sizes: dict[str, ModelSize],
) -> None:
    assert sizes["dense-13b-mqa"].gpus < sizes["llama-2-13b"].gpus


def test_a_model_that_no_node_of_2022_holds_is_refused_with_its_reason(
    sizes: dict[str, ModelSize],
) -> None:
    assert sizes["llama-3.1-405b"].gpus == 0
    assert "memory" in sizes["llama-3.1-405b"].reason
