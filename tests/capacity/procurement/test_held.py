"""Lots that stand already, as typed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from capacity.procurement.held import Held, told_held


def test_lots_are_read_in_order() -> None:
    months = [np.datetime64("2023-12", "M"), np.datetime64("2024-06", "M")]
    assert told_held(["24:2023-12", "30:2024-06"]) == (Held(24, months[0]), Held(30, months[1]))
    assert told_held([]) == ()


@pytest.mark.parametrize(
    "text", ["24", "24:", "-1:2023-12", "24:2023", "24:2023-12-1", "2.5:2023-12"]
)
def test_what_is_no_lot_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=f"{re.escape(text)}.*such as 24:2023-12"):
        told_held([text])


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="2023-13"):
        told_held(["24:2023-13"])
