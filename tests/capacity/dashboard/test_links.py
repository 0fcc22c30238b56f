from __future__ import annotations

import base64
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.dashboard.links import LONGEST_LINK, carried, last, pack, unpack, whole
from capacity.toml_table import MAX_BYTES


@given(st.text(max_size=500))
def test_packed_text_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


@pytest.mark.parametrize("text", ["%%%", "abcdefgh", "\u00e9", pack("zones = 2")[:-4], "="])
def test_damaged_link_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="what this link carries is"):
        unpack(text)


def test_link_that_would_unfold_without_bound_is_refused() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * (MAX_BYTES + 1), 9)).decode()
    with pytest.raises(ValueError, match="too large"):
        unpack(bomb)


def test_text_too_long_for_a_link_is_not_carried() -> None:
    noise = random.Random(1).randbytes(LONGEST_LINK).hex()
    assert carried(noise) == []
    assert [unpack(item) for item in carried("zones = 2")] == ["zones = 2"]


def test_last_value_of_a_parameter_counts() -> None:
    assert last({"seed": ["1", "2"]}, "seed", "7") == "2"
    assert last({}, "seed", "7") == "7"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "²", "9" * 10])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole("seed", text)
