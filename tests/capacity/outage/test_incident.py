from __future__ import annotations

import pytest

from capacity.outage.file import load_incident
from capacity.outage.incident import NEVER, PARAMETERS, RANGES, Controls, control_faults


def test_every_number_has_a_unit_and_a_meaning() -> None:
    for allowed in [*PARAMETERS.values(), *RANGES.values()]:
        assert allowed.unit
        assert allowed.meaning
        assert allowed.low < allowed.high


def test_defaults_are_allowed_and_limit_nothing() -> None:
    controls = Controls()
    assert [name for name in RANGES if control_faults(name, getattr(controls, name))] == []
    assert controls.admission_cap == controls.release_cap == controls.power_cap == NEVER


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cells": 0.0}, "cells = 0.0: allowed 1 to 64"),
        ({"cells": 2.5}, "cells = 2.5: must be a whole number"),
        ({"broken_share": 1.5}, "broken_share = 1.5: allowed 0 to 1"),
        ({"revert": float("nan")}, "revert = nan"),
        ({"revert": 3.0, "notice": 4.0}, "notice = 4: must not exceed revert = 3"),
    ],
)
def test_controls_that_make_no_sense_are_refused(values: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Controls(**values)


def test_a_change_leaves_the_original_alone() -> None:
    incident = load_incident("february-2023")
    other = incident.with_controls(incident.controls.change(revert=20.0))
    assert (incident.controls.revert, other.controls.revert) == (12.0, 20.0)
    assert other.parameters is incident.parameters
