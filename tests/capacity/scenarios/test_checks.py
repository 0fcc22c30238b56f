from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.scenarios.checks import (
    calendar_faults,
    correlation_faults,
    correlation_matrix,
    estimate_faults,
    known_names,
    lever_faults,
    unknown_input,
    word_faults,
)
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario

GOOD = {
    "name": "my case",
    "start": "2022-01",
    "end": "2024-06",
    "architecture": "llama-2-13b",
    "profile": "burstgpt_chatgpt_conv",
}


@given(st.floats(-1, 1))
def test_a_correlation_matrix_is_symmetric_with_a_unit_diagonal(value: float) -> None:
    matrix = correlation_matrix(["a", "b", "c"], {("c", "a"): value})
    assert np.array_equal(matrix, matrix.T)
    assert matrix.diagonal().tolist() == [1, 1, 1]
    assert (matrix[0, 2], matrix[0, 1], matrix[1, 2]) == (value, 0, 0)


def test_good_words_have_no_fault() -> None:
    assert list(word_faults(GOOD)) == []


@pytest.mark.parametrize("key", GOOD)
def test_each_bad_word_is_one_fault_that_names_its_key(key: str) -> None:
    faults = list(word_faults(GOOD | {key: "?" * 10_000}))
    assert len(faults) == 1
    assert key in faults[0]
    assert len(faults[0]) < 1_000


def test_names_of_a_table_are_its_column() -> None:
    assert "llama-2-13b" in known_names("architectures.csv", "name")


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_the_shipped_estimate_of_an_input_has_no_fault(name: str) -> None:
    assert estimate_faults(name, ASSUMPTIONS[name].estimate) == []


def test_an_unknown_input_names_the_nearest() -> None:
    assert unknown_input("reply_token") == "unknown input 'reply_token'; nearest: reply_tokens"


def test_the_calendar_must_lie_in_the_reported_time(reported: Scenario) -> None:
    histories = (reported.users, reported.queries)
    assert calendar_faults("2022-01", "2024-06", *histories) == []
    assert "begin in 2022-01" in calendar_faults("2021-12", "2024-06", *histories)[0]
    assert "0 months" in calendar_faults("2022-02", "2022-01", *histories)[0]


def test_levers_are_checked_against_the_policy_and_the_catalogue() -> None:
    assert lever_faults({"zones": 2, "provider": "GCP"}) == []
    assert len(lever_faults({"zones": 9, "zone": 2, "provider": "GCPP"})) == 3


def test_correlations_must_be_consistent() -> None:
    names = ("prompt_tokens", "reply_tokens", "price_factor")
    good = {(names[0], names[1]): 0.5, (names[1], names[2]): 0.5}
    assert correlation_faults(good) == []
    assert (
        "contradict"
        in correlation_faults(
            {(names[0], names[1]): 0.9, (names[1], names[2]): 0.9, (names[0], names[2]): -0.9}
        )[0]
    )


def test_a_word_that_contains_the_name_of_a_lever_does_not_hide_its_fault() -> None:
    faults = "\n".join(lever_faults({"provider": "determined", "term": "2y"}))
    assert "provider = " in faults
    assert "term = '2y'" in faults
