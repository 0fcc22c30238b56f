from __future__ import annotations

import subprocess
import sys

import pytest

import forecast


def test_every_public_name_can_be_had():
    assert len(forecast.__all__) <= 17
    assert sorted(forecast.__all__) == dir(forecast)
    for name in forecast.__all__:
        assert getattr(forecast, name).__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Oracle'"):
        _ = forecast.Oracle


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, forecast; forecast.History; forecast.ReferenceClass('service');"
        "heavy = {'pandas', 'scipy', 'matplotlib', 'prophet'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
