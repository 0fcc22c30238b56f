from __future__ import annotations

import hashlib

from capacity.outcome import CapacityPlan
from capacity.provenance import VERSION, data_hashes
from forecast.shipped.place import data_folder


def test_every_data_file_has_its_hash() -> None:
    files = [path for path in data_folder().rglob("*") if path.is_file()]
    names = {path.relative_to(data_folder()).as_posix() for path in files}
    hidden = {name for name in names if any(part.startswith(".") for part in name.split("/"))}
    assert set(data_hashes()) == names - hidden


def test_a_hash_is_that_of_the_bytes() -> None:
    expected = hashlib.sha256((data_folder() / "prices.csv").read_bytes()).hexdigest()
    assert data_hashes()["prices.csv"] == expected


def test_a_plan_carries_seed_version_and_hashes(reported_plan: CapacityPlan) -> None:
    assert reported_plan.seed == 7
    assert reported_plan.version == VERSION
    assert reported_plan.hashes == data_hashes()
