from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from capacity.estimate import Estimate
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import Override
from capacity.scenarios.scenario import Scenario

PAIR = ("prompt_tokens", "reply_tokens")
# names of path_traversal and app rows of the collection of bad inputs
BAD_NAMES = {
    "B018": "..\\..\\windows\\win.ini",
    "B019": "/etc/passwd",
    "B020": "a/../../b",
    "B022": ".",
    "B026": "ok\n.yaml",
    "B029": "%2e%2e%2f",
    "B030": "file:///etc/passwd",
    "B031": "\\\\?\\C:\\f",
    "B033": "\u2025/\u2025",
    "B034": "name.yaml. ",
    "B035": "-rf",
    "B036": "",
    "B119": "https://169.254.169.254/x",
    "B121": "<script>alert(1)</script>",
    "B123": "a\x1b[2Jb",
    "B124": "![x](http://t/x.png)",
    "B125": "$\\input{/etc/passwd}$",
    "formula": "=1+1",
    "newline at the end": "base\n",
    "too long": "x" * 65,
    "other digits": "\u0663",
}


def names_moved(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one if not np.array_equal(one[name], other[name])}


@given(name=st.sampled_from(sorted(ASSUMPTIONS)), seed=st.integers(0, 2**31))
@settings(max_examples=30)
def test_an_override_moves_the_draws_of_its_input_alone(
    reported: Scenario, name: str, seed: int
) -> None:
    known = ASSUMPTIONS[name].estimate
    factor = 0.6 if known.unit == "share" else 1.2
    low, mid, high = ((known.mid or 0.5) * factor * k for k in (0.95, 1.0, 1.05))
    value = replace(known, low=low, mid=mid, high=high)
    changed = replace(reported, overrides=(Override("x", {name: value}),), estimates={})
    assert names_moved(reported.draw(50, seed), changed.draw(50, seed)) == {name}


def test_no_two_random_streams_coincide() -> None:
    names = [*ASSUMPTIONS, "users", "queries", "users between reports", "queries between reports"]
    assert len({zlib.crc32(name.encode()) for name in names}) == len(names)


def test_a_changed_input_keeps_the_rank_of_every_draw(reported: Scenario) -> None:
    changed = reported.override("longer", reply_tokens=(300, 500, 2000))
    before, after = (item.draw(500, 7)["reply_tokens"][:, 0] for item in (reported, changed))
    assert np.array_equal(np.argsort(before), np.argsort(after))


def test_the_order_of_inputs_does_not_matter(reported: Scenario) -> None:
    one, other = Estimate(1, 2, 3), Estimate(40, 50, 90)
    forwards = replace(reported, estimates={"peak_minute_ratio": one, "reply_tokens": other})
    backwards = replace(reported, estimates={"reply_tokens": other, "peak_minute_ratio": one})
    assert names_moved(forwards.draw(50, 7), backwards.draw(50, 7)) == set()


def test_another_seed_moves_every_uncertain_input(reported: Scenario) -> None:
    moved = names_moved(reported.draw(50, 7), reported.draw(50, 8))
    assert moved == {name for name, value in reported.inputs.items() if not value.certain}


def test_different_inputs_are_independent(reported: Scenario) -> None:
    draws = reported.draw(4_000, 7)
    uncertain = [name for name, value in reported.inputs.items() if not value.certain]
    ranks = spearmanr(np.hstack([draws[name] for name in uncertain])).statistic
    assert np.abs(ranks - np.eye(len(uncertain))).max() < 5 / np.sqrt(4_000)


@given(st.floats(-0.99, 0.99))
@settings(max_examples=20)
def test_a_correlation_is_reached(reported: Scenario, wanted: float) -> None:
    draws = replace(reported, correlations={PAIR: wanted}).draw(4_000, 7)
    logs = (np.log(draws[name][:, 0]) for name in PAIR)
    # rank correlation of a normal copula
    expected = 6 / np.pi * np.arcsin(wanted / 2)
    assert spearmanr(*logs).statistic == pytest.approx(expected, abs=0.05)


def test_a_correlation_moves_no_other_input_and_no_margin(reported: Scenario) -> None:
    correlated = replace(reported, correlations={PAIR: 0.7})
    before, after = reported.draw(500, 7), correlated.draw(500, 7)
    assert names_moved(before, after) <= set(PAIR)
    for name in PAIR:
        assert np.sort(before[name], axis=0) == pytest.approx(np.sort(after[name], axis=0))


def test_one_more_correlation_moves_no_pair_given_before(reported: Scenario) -> None:
    more = {PAIR: 0.7, ("overhead_share", "price_factor"): -0.4}
    one = replace(reported, correlations={PAIR: 0.7}).draw(500, 7)
    two = replace(reported, correlations=more).draw(500, 7)
    assert names_moved(one, two) <= {"overhead_share", "price_factor"}


def test_an_override_and_its_undoing_are_nothing(reported: Scenario) -> None:
    back = reported.override("a", reply_tokens=5).override(
        "undo", reply_tokens=reported.inputs["reply_tokens"]
    )
    assert back.inputs == reported.inputs
    assert names_moved(reported.draw(50, 7), back.draw(50, 7)) == set()


def test_the_last_override_wins(reported: Scenario) -> None:
    changed = reported.override("a", reply_tokens=5).override("b", reply_tokens=(6, 7, 9))
    assert changed.inputs["reply_tokens"].mid == 7
    assert [item.name for item in changed.overrides] == ["a", "b"]
    assert reported.overrides == ()


@pytest.mark.parametrize("row", BAD_NAMES)
def test_a_name_that_is_no_plain_file_name_is_refused_with_the_rule(
    reported: Scenario, row: str
) -> None:
    with pytest.raises(ValueError, match=r"name = .*allowed are 1 to 64 letters, digits"):
        replace(reported, name=BAD_NAMES[row])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reply_tokns": 5}, "unknown input 'reply_tokns'; nearest: reply_tokens"),
        ({"reply_tokens": -5}, r"reply_tokens = -5.*allowed 1 to 1e\+06 \[tokens\]"),
        ({"reply_tokens": 0}, r"reply_tokens = 0.*allowed 1 to 1e\+06 \[tokens\]"),
        ({"reply_tokens": float("nan")}, "reply_tokens = nan: .*finite"),
        ({"reply_tokens": (1, float("inf"), 2)}, "reply_tokens = .*finite"),
        ({"reply_tokens": (3, 2, 1)}, "reply_tokens = .*low <= mid <= high"),
        ({"reply_tokens": (1, 2)}, "reply_tokens = .*one number, or low, mid and high"),
        ({"cached_share": 1.5}, r"cached_share = .*allowed 0 to 1 \[share\]"),
        ({"node_failures_per_1000_node_days": 0}, "allowed 0.0001 to 1000"),
        ({"failover_failure": 1.5}, r"allowed 1e-06 to 1 \[share\]"),
    ],
)
def test_an_override_that_cannot_be_names_key_value_and_what_is_allowed(
    reported: Scenario, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        reported.override("x", **values)


@pytest.mark.parametrize(
    "value",
    [True, "200", "1,2,3", None, [1, "2", 3], {"low": 1}, 10**400],
    ids=["bool", "digits", "three", "none", "mixed", "table", "1e400"],
)
def test_an_override_by_no_number_is_a_value_error_that_names_the_input(
    reported: Scenario, value: Any
) -> None:
    with pytest.raises(ValueError, match="reply_tokens = "):
        reported.override("x", reply_tokens=value)


def test_an_estimate_in_another_unit_than_the_input_is_refused(reported: Scenario) -> None:
    with pytest.raises(ValueError, match=r"cached_share.*share"):
        reported.override("x", cached_share=Estimate(0.9, 0.95, 0.999, unit="tokens"))


def test_an_estimate_of_a_share_keeps_every_draw_below_one(reported: Scenario) -> None:
    """An estimate that names no unit takes that of its input, or is refused."""
    try:
        changed = reported.override("x", cached_share=Estimate(0.9, 0.95, 0.999))
    except ValueError as error:
        assert "share" in str(error)  # noqa: PT017  either answer is fine
        return
    assert changed.draw(2_000, 7)["cached_share"].max() < 1


def test_a_refusal_does_not_call_the_refused_value_allowed(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="demand_factor = 0") as caught:
        reported.override("x", demand_factor=0)
    assert "allowed 0 to" not in str(caught.value)


def test_every_fault_of_an_override_is_reported_at_once(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="reply_tokens = ") as caught:
        reported.override("x", reply_tokens=(3, 2, 1), prompt_tokens=-5, zone=2)
    assert "prompt_tokens = " in str(caught.value)
    assert "unknown input 'zone'" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": "2022-13"}, "start = '2022-13': must be a month as YYYY-MM"),
        ({"start": "2022-1"}, "must be a month"),
        ({"end": "2022-01-05"}, "end = '2022-01-05': must be a month"),
        ({"start": "2\u066022-01"}, "must be a month"),
        ({"start": "2024-07"}, "start to end is 0 months: allowed 1 to 240"),
        ({"end": "2042-01"}, "241 months: allowed 1 to 240"),
        ({"start": "2021-12"}, "start = 2021-12: the reported histories begin in 2022-01"),
        ({"levers": {"zones": 9}}, "zones = 9: allowed 1 to 6"),
        ({"levers": {"zone": 9}}, "unknown policy 'zone'; nearest: zones"),
        ({"correlations": {("reply_tokens", "reply_token"): 0.5}}, "nearest: reply_tokens"),
        ({"correlations": {PAIR: 1.0}}, "allowed between -1 and 1"),
        ({"correlations": {PAIR: float("nan")}}, "allowed between -1 and 1"),
        ({"correlations": {("reply_tokens", "reply_tokens"): 0.5}}, "two inputs"),
    ],
)
def test_an_impossible_scenario_is_refused(
    reported: Scenario, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(reported, **change)


def test_correlations_that_contradict_each_other_are_refused(reported: Scenario) -> None:
    names = ("prompt_tokens", "reply_tokens", "price_factor")
    pairs = {
        (names[0], names[1]): 0.9,
        (names[1], names[2]): 0.9,
        (names[0], names[2]): -0.9,
    }
    with pytest.raises(ValueError, match="contradict each other"):
        replace(reported, correlations=pairs)


def test_one_pair_given_in_both_orders_is_refused(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="prompt_tokens"):
        replace(reported, correlations={PAIR: 0.5, PAIR[::-1]: -0.5})


def test_every_fault_of_a_scenario_is_reported_at_once(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="name = ") as caught:
        replace(
            reported,
            name="..",
            start="x",
            levers={"zones": 9, "zone": 1},
            estimates={"reply_tokens": Estimate.exactly(-1)},
            correlations={PAIR: 2.0},
        )
    text = str(caught.value)
    for part in ("start = ", "zones = 9", "'zone'", "reply_tokens = ", "= 2.0"):
        assert part in text


def test_the_months_of_a_plan_are_whole_and_in_order(reported: Scenario) -> None:
    assert len(reported.months) == 30
    assert (str(reported.months[0]), str(reported.months[-1])) == ("2022-01", "2024-06")
