"""The tree of parts in files: what is shipped, what a scenario changes, what is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.fleet.redundancy_rule import design_failures
from capacity.policy import Policy
from capacity.scenarios.file import dump_scenario, read_scenario
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree import Cause, Managed, Planned, Replicas, Replicated
from capacity.scenarios.tree_file import part_faults, part_tables, service_of, shipped_parts
from tests.capacity.availability.service_cases import SHIPPED

INPUTS = {name: item.estimate for name, item in ASSUMPTIONS.items()}


def test_the_shipped_parts_have_no_fault_and_a_source_each() -> None:
    assert part_faults(shipped_parts()) == []
    assert all(table["source"] for table in shipped_parts().values())


def test_the_shipped_tree_has_the_parts_of_the_service() -> None:
    assert set(shipped_parts()) == {
        "gateway", "preprocessing", "database", "read_replicas", "gpu_pool", "storage", "network",
        "region",
    }  # fmt: skip


def test_a_name_stands_for_the_middle_of_an_input() -> None:
    other = INPUTS | {"storage_unavailability": replace(INPUTS["storage_unavailability"], mid=2e-4)}
    assert service_of({}, other, Policy()).parts["storage"].unavailability == 2e-4
    assert SHIPPED.nodes.failures_per_h == pytest.approx(3.79 / 24_000)


def test_a_scenario_changes_some_keys_and_adds_parts() -> None:
    changes = {"storage": {"unavailability": 1e-4}, "filter": {"unavailability": 2e-4}}
    found = service_of(changes, INPUTS, Policy())
    assert found.parts["storage"] == Managed(1e-4, 2.0, Cause.RANDOM, Planned(0.0, 1.0, 0.025))
    assert found.parts["filter"] == Managed(2e-4, 1.0, Cause.RANDOM, Planned(0.0, 1.0, 0.025))
    added = {"cache": {"kind": "replicated", "unavailability": 1e-3}}
    assert isinstance(service_of(added, INPUTS, Policy()).parts["cache"], Replicated)
    copies = {"copies": {"kind": "replicas", "unavailability": 1e-3, "read_share": 0.3}}
    assert service_of(copies, INPUTS, Policy()).parts["copies"] == Replicas(
        1e-3, 1.0, 0.3, Planned(0.0, 1.0, 0.025)
    )
    assert part_tables({})["storage"]["unavailability"] == "storage_unavailability"


def test_a_worse_part_is_in_the_design_basis_of_the_plan() -> None:
    worse = {"filter": {"unavailability": 2e-3}}
    assert part_faults(worse) == []
    base, found = (design_failures(INPUTS, Policy(), item) for item in ({}, worse))
    assert found.risks.services == pytest.approx(base.risks.services + 2e-3, rel=1e-2)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"storage": {"unavailability": 1.5}}, ["parts.storage.unavailability", "0 to 0.5"]),
        ({"storage": {"unavailability": float("nan")}}, ["nan", "allowed"]),
        ({"storage": {"unavailability": True}}, ["True", "allowed"]),
        ({"storage": {"unavailability": 10**400}}, ["a"]),
        ({"storage": {"unavailability": "zone_unavailabilty"}}, ["nearest: zone_unavailability"]),
        ({"storage": {"unavailability": "node_repair_h"}}, ["no input in [share]"]),
        ({"storage": {"unavailabilty": 0.1}}, ["unknown key", "nearest: unavailability"]),
        ({"storage": {"kind": "hosts"}}, ["parts.storage.kind", "allowed service"]),
        ({"storage": {"cause": "weather"}}, ["weather", "random failure, region"]),
        ({"storage": {"source": 3}}, ["source", "text"]),
        ({"storage": 3}, ["must be a table"]),
        ({"Stor age": {}}, ["small letters"]),
        ({"x\x1b": {}}, ["\\x1b"]),
        ({"extra": {}}, ["'unavailability' is missing"]),
        ({"extra": {"kind": "nodes"}}, ["allowed service, hosts, replicated, replicas"]),
        ({"gpu_pool": {"common_share": -0.1}}, ["parts.gpu_pool.common_share", "0 to 1"]),
        ({"read_replicas": {"read_share": 2}}, ["parts.read_replicas.read_share", "0 to 1"]),
        ({"database": {"works_per_month": 9}}, ["works_per_month = 9", "0 to 4 [works/month]"]),
        ({"database": {"promotion": "f"}}, ["parts.database.promotion", "no input in [share]"]),
        ({"gateway": {"switch_min": 1}}, ["unknown key 'switch_min'"]),
        ({"preprocessing": {"works_per_month": 1}}, ["unknown key 'works_per_month'"]),
        ({"gpu_pool": {"work_min": -1}}, ["parts.gpu_pool.work_min", "0 to 1440 [min]"]),
        ({"gpu_pool": {"repair_h": 0}}, ["0.01 to 10000 [h]"]),
        ({f"p{n}": {"unavailability": 0} for n in range(50)}, ["50", "allowed are 40"]),
    ],
)
def test_a_fault_names_place_value_and_what_is_allowed(
    changes: Mapping[str, Any], words: list[str]
) -> None:
    told = "\n".join(part_faults(changes))
    assert told
    assert [word for word in words if word not in told] == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
KEYS = st.sampled_from((*shipped_parts(), "other", "")) | st.text(max_size=12)
INNER = st.sampled_from(("kind", "unavailability", "repair_h", "cause", "source", "coverage"))


@given(st.dictionaries(KEYS, VALUES | st.dictionaries(INNER, VALUES), max_size=4))
@settings(max_examples=100)
def test_whatever_a_file_holds_is_a_service_or_a_fault(changes: dict[str, Any]) -> None:
    if not part_faults(changes):
        service_of(changes, INPUTS, Policy())


def test_a_scenario_keeps_its_parts_on_the_way_through_a_file(
    reported: Scenario, tmp_path: Path
) -> None:
    own = replace(reported, parts={"storage": {"unavailability": 1e-4}})
    path = tmp_path / "own.toml"
    path.write_text(dump_scenario(own), "utf-8")
    assert read_scenario(path).parts == own.parts
    assert "parts" not in tomllib.loads(dump_scenario(reported))


def test_a_scenario_file_with_a_wrong_part_is_refused_with_its_place(
    reported: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(dump_scenario(reported) + "\n[parts.storage]\nunavailability = 3\n", "utf-8")
    with pytest.raises(
        ValueError, match=r"own\.toml: parts\.storage\.unavailability = 3: allowed 0"
    ):
        read_scenario(path)
    with pytest.raises(ValueError, match=r"parts\.storage"):
        replace(reported, parts={"storage": {"unavailability": 3}})
