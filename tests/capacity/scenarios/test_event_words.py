from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.estimate import Estimate
from capacity.scenarios.event import Event
from capacity.scenarios.event_words import event_words, told_event


@pytest.mark.parametrize(
    "text", ["launch", "launch:2026-03", "launch:2026-03:1,2", "a:2026-03:1,2,3:4:5", ":2026-03:2"]
)
def test_an_event_told_otherwise_is_refused(text):
    with pytest.raises(ValueError, match="allowed NAME:YYYY-MM:LOW,MID,HIGH"):
        told_event(text)


def test_one_number_is_a_certain_effect():
    event = told_event("viral:2026-03:4")
    assert event.effect.certain
    assert event.text == "viral in 2026-03: 4 times, lasting"


SIZES = st.floats(0.01, 100.0)


@given(
    name=st.text(min_size=1).filter(str.strip),
    ends=st.tuples(SIZES, SIZES, SIZES).map(sorted).filter(lambda x: x[0] < x[1] < x[2]),
    on=st.sampled_from(("users", "queries", "both")),
    fades=st.none() | st.floats(1e-9, 1e9),
)
def test_words_of_an_event_tell_it_whatever_its_name(name, ends, on, fades):
    effect = Estimate(*ends, source="set by the planner")
    event = Event(name, "2026-03", effect, on, fades)
    assert told_event(event_words(event)) == event
