from __future__ import annotations

import dataclasses

import pytest

from capacity.procurement.decision import Verdict, Worth


def test_values_of_a_decision_cannot_be_changed() -> None:
    found = Worth(1.0, 0.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.usd = 2.0  # type: ignore[misc]
    assert "shortfall" in {item.name for item in dataclasses.fields(Verdict)}
