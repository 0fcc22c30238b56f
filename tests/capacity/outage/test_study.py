from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outage.countermeasures import COUNTERMEASURES
from capacity.outage.file import load_incident
from capacity.outage.replay import middle, replay
from capacity.outage.study import Outage, budget_used, spread, study

TOLD = load_incident("february-2023")
QUICK = replace(TOLD, step=0.2)


@pytest.fixture(scope="module")
def quick() -> Outage:
    return study(QUICK, ["cells", "admission-cap"], draws=40)


def test_every_countermeasure_is_ranked_once(quick: Outage) -> None:
    singles = quick.effects[1:-1]
    assert {item.names[0] for item in singles} == set(COUNTERMEASURES)
    assert [item.rank[1] for item in singles] == list(range(1, len(COUNTERMEASURES) + 1))
    assert all(low <= mid <= high for low, mid, high in (item.rank for item in singles))
    assert quick.effects[-1].names == ("admission-cap", "cells")


def test_the_ranking_goes_by_mean_requests_saved(quick: Outage) -> None:
    saved = [item.saved.mean for item in quick.effects[1:-1]]
    assert saved == sorted(saved, reverse=True)


def test_draws_are_common_so_means_add_up(quick: Outage) -> None:
    told = quick.effects[0]
    for item in quick.effects[1:]:
        assert item.saved.mean == pytest.approx(told.lost.mean - item.lost.mean, abs=1e-6)
        minutes = told.full_outage.mean - item.full_outage.mean
        assert item.saved_minutes.mean == pytest.approx(minutes, abs=1e-9)


def test_limiting_released_work_saves_more_than_headroom(quick: Outage) -> None:
    """The finding of the published sweep: headroom is the weakest remedy that helps at all."""
    rank = {item.names[0]: item.rank[1] for item in quick.effects[1:-1]}
    for strong in ("canary", "early-revert", "release-rate-cap", "power-cap", "admission-cap"):
        assert rank[strong] < rank["double-nodes"] < rank["extra-nodes"], strong


def test_cells_help_only_if_the_change_is_cut_too(quick: Outage) -> None:
    effect = {item.names: item for item in quick.effects}
    assert effect[("cell-by-cell",)].saved.mean > 10_000 > effect[("cells",)].saved.mean
    assert effect[("cell-by-cell",)].full_outage.p95 == 0.0


def test_the_figures_do_not_depend_on_the_names_asked_for(quick: Outage) -> None:
    other = study(QUICK, [], draws=40)
    assert other.effects == quick.effects[:-1]


def test_what_cannot_act_is_said_to_have_no_effect() -> None:
    found = study(load_incident("february-2023-documented"), draws=20)
    acting = {item.names[0] for item in found.effects[1:] if item.acts}
    assert acting == {
        "canary", "early-revert", "monitoring-lead", "cell-by-cell", "extra-nodes", "double-nodes",
    }  # fmt: skip


def test_an_outage_of_a_whole_budget_uses_it() -> None:
    """21.6 minutes without any answer are a 30-day budget of 99.95 %."""
    found = replay(QUICK, middle(QUICK))
    lost = found.demand * 21.6 / found.times[-1]
    assert budget_used(replace(found, lost=lost))[0] == pytest.approx(1.0)


def test_spread_is_ordered() -> None:
    found = spread(np.random.default_rng(1).lognormal(size=500))
    assert found.p05 < found.p50 < found.mean < found.p95


@pytest.mark.parametrize("draws", [19, 10_000])
def test_too_few_or_too_many_draws_are_refused(draws: int) -> None:
    with pytest.raises(ValueError, match=f"draws = {draws}: allowed 20 to 5,000"):
        study(QUICK, draws=draws)


@pytest.mark.slow
def test_the_ranking_holds_for_another_seed() -> None:
    one, other = (study(QUICK, draws=200, seed=seed) for seed in (7, 8))
    place = {item.names: item.rank[1] for item in other.effects[1:]}
    for item in one.effects[1:]:
        low, _, high = item.rank
        assert low - 2 <= place[item.names] <= high + 2
