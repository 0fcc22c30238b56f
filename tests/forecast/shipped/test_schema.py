from __future__ import annotations

from forecast.shipped.schema import COMMON, NUMERIC, TYPES


def test_common_columns_are_described_in_full() -> None:
    assert all(column.meaning and column.type in TYPES for column in COMMON.values())


def test_evidence_may_never_be_missing() -> None:
    assert not any(COMMON[name].optional for name in ("unit", "source", "as_of", "confidence"))


def test_numeric_types_are_types() -> None:
    assert set(NUMERIC) < set(TYPES)
