from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from forecast.growth.learned_toml import to_toml

rows = st.lists(st.lists(st.floats(-9, 9), min_size=1, max_size=3), min_size=1, max_size=3)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=9)


@given(rows, texts, st.integers(0, 99))
def test_every_value_survives_writing_and_reading(table, product, count):
    learned = {
        "horizons": [6, 12],
        "spread": {"low": 0.4, "high": 0.9},
        "classes": {
            "service": {"products": [count], "origins": [1], "residuals": {"linear": table}}
        },
        "analogs": [{"product": product, "growth_12": 2.5}],
    }
    assert tomllib.loads(to_toml(learned, "2026-11-23")) == learned


def test_the_header_says_what_the_numbers_are():
    table = {"products": [14, 13], "origins": [97, 86], "residuals": {}}
    text = to_toml({"classes": {"service": table}, "analogs": []}, "2026-11-23")
    assert "Class: calibrated. As of: 2026-11-23" in text
    assert "service 14 products, 97 origins" in text
