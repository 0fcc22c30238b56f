"""Published figures of the traces, reproduced: means and quantiles within 1 %."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.serving.length_presets import LEVELS, length_preset, length_presets
from capacity.serving.lengths import LengthCurve
from forecast.shipped.tables import Row, read_table

ROWS = {row.text("name"): row for row in read_table("lengths.csv").rows}
TOLERANCE = 0.01


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("part", ["prompt", "reply"])
def test_a_preset_has_its_published_mean_and_quantiles(name: str, part: str) -> None:
    row, curve = ROWS[name], getattr(length_preset(name).model, part)
    assert curve.mean == pytest.approx(row.number(f"{part}_mean"), rel=TOLERANCE)
    known = published(row, part)
    assert curve.quantile(list(known)) == pytest.approx(list(known.values()), rel=TOLERANCE)


def published(row: Row, part: str) -> dict[float, float]:
    found = {level: row.optional_number(f"{part}_{name}") for name, level in LEVELS.items()}
    return {level: value for level, value in found.items() if value is not None}


@pytest.mark.parametrize("name", ["azure2023_conv", "azure2023_code", "azure2024_conv"])
def test_random_requests_have_the_published_figures(name: str) -> None:
    prompts, replies = length_preset(name).model.sample(200_000, np.random.default_rng(11))
    for part, tokens in (("prompt", prompts), ("reply", replies)):
        assert tokens.mean() == pytest.approx(ROWS[name].number(f"{part}_mean"), rel=0.02)
        for level, value in published(ROWS[name], part).items():
            assert np.mean(tokens < value - 1.0) <= level + 0.005
            assert np.mean(tokens <= value + 1.0) >= level - 0.005


@pytest.mark.parametrize("name", ROWS)
def test_spread_is_assumed_only_where_no_quantile_is_published(name: str) -> None:
    for part in ("prompt", "reply"):
        assumed = ROWS[name].optional_number(f"{part}_spread") is not None
        assert assumed != bool(published(ROWS[name], part))


def test_traces_named_in_the_docs_are_there() -> None:
    known = length_presets()
    assert {"azure2024_conv", "burstgpt_conv", "sharegpt", "lmsys_chat_1m"} <= known.keys()
    assert all(isinstance(item.model.prompt, LengthCurve) for item in known.values())


def test_an_unknown_preset_is_an_error_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown lengths 'sharegtp'; nearest: sharegpt"):
        length_preset("sharegtp")
