from __future__ import annotations

import keyword

import pytest

from capacity.estimate import BASES
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario
from forecast.shipped.tables import read_table


def test_every_row_of_the_table_is_an_input() -> None:
    assert list(ASSUMPTIONS) == [row.text("name") for row in read_table("assumptions.csv").rows]


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_an_input_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    item = ASSUMPTIONS[name]
    texts = (item.help, item.estimate.unit, item.estimate.source, item.estimate.as_of)
    assert all(text.strip() for text in texts)
    assert item.estimate.basis in BASES
    assert item.confidence in {"high", "medium", "low"}


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_a_name_can_be_a_keyword_argument(name: str) -> None:
    assert name.isidentifier()
    assert not keyword.iskeyword(name)


@pytest.mark.parametrize(
    "name", ["peak_minute_ratio", "power_usage_effectiveness", "object_copies"]
)
def test_no_draw_of_a_whole_over_its_part_is_below_one(name: str) -> None:
    draws = Scenario.load("reported-case").draw(10_000, 7)[name]
    assert draws.min() >= 1


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_what_is_called_measured_has_a_date(name: str) -> None:
    item = ASSUMPTIONS[name]
    if item.estimate.basis == "measured":
        assert item.estimate.as_of[:2] == "20"
