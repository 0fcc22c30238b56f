from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from capacity.scenarios.parts import COMPARATORS, GROWTH_MODELS, REFERENCES, CrossCheck, Growth


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"model": "referenceclass"}, "nearest: reference-class"),
        ({"reference": "services"}, "allowed service, developer, all"),
        ({"correlation": 1.1}, "correlation = 1.1: allowed -1 to 1"),
        ({"correlation": float("nan")}, "correlation = nan"),
    ],
)
def test_a_growth_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Growth(**values)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"month": "2024-6"}, "month = '2024-6'"),
        ({"comparator": "more"}, "comparator = 'more': allowed about, over, under"),
        ({"value": float("nan")}, "value = nan"),
        ({"value": float("inf")}, "value = inf"),
    ],
)
def test_a_published_figure_that_cannot_be_compared_is_refused(
    change: dict[str, Any], message: str
) -> None:
    good = CrossCheck("gpus", "2024-06", "over", 5.0, "press")
    with pytest.raises(ValueError, match=message):
        replace(good, **change)


@pytest.mark.parametrize("model", GROWTH_MODELS)
@pytest.mark.parametrize("reference", REFERENCES)
def test_every_named_growth_is_allowed(model: str, reference: str) -> None:
    for correlation in (-1.0, 0.0, 1.0):
        assert Growth(model, reference, correlation).model == model


@pytest.mark.parametrize("comparator", COMPARATORS)
def test_every_comparator_is_allowed(comparator: str) -> None:
    assert CrossCheck("gpus", "2024-06", comparator, 5.0, "press").comparator == comparator


def test_every_fault_of_a_growth_is_reported_at_once() -> None:
    with pytest.raises(ValueError, match="model = 'x'") as caught:
        Growth("x", "y", 2.0)
    assert len(str(caught.value).split("\n")) == 3


@pytest.mark.parametrize("word", ["x" * 100_000, "a\x1b[2J"])
def test_a_word_in_a_message_is_short_and_harmless(word: str) -> None:
    for build in (lambda: Growth(word), lambda: CrossCheck("gpus", word, "over", 1.0, "s")):
        with pytest.raises(ValueError, match=r"model = |month = ") as caught:
            build()
        assert len(str(caught.value)) < 500
        assert "\x1b" not in str(caught.value)
