from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.auditing import concerned
from capacity.estimate import Estimate
from capacity.headline import headline
from capacity.load.demand import forecast_demand
from capacity.planning import plan
from capacity.questions.explanation import explain
from capacity.report.json import to_json
from capacity.report.sources import sources
from capacity.scenarios.changes import scenario_changes
from capacity.scenarios.event import Event, with_events
from capacity.scenarios.file import dump_scenario, load_scenario, read_scenario

MONTHS = np.arange("2024-10", "2025-10", dtype="datetime64[M]")
LAUNCH = Event(
    "launch", "2024-12", Estimate(1.2, 1.5, 2.5, 0.8, source="two rivals", as_of="2026-10"),
    "queries", half_life_months=3.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def base():
    return load_scenario("work-assistant")


@pytest.fixture(scope="module")
def planned(base):
    return plan(replace(base, events=(LAUNCH,)), draws=200)


def test_nothing_changes_before_an_event_and_its_logarithm_halves_in_a_half_life():
    logs = np.log(LAUNCH.factor(MONTHS, 500, seed=7))
    assert (logs[:, :2] == 0.0).all()
    assert logs[:, 5] == pytest.approx(logs[:, 2] / 2.0)
    assert logs[:, 8] == pytest.approx(logs[:, 2] / 4.0)
    assert np.median(logs[:, 2]) == pytest.approx(np.log(1.5), rel=0.01)


def test_a_lasting_event_stays():
    lasting = replace(LAUNCH, half_life_months=None).factor(MONTHS, 100, seed=7)
    assert (lasting[:, 2:] == lasting[:, 2:3]).all()


def test_an_event_multiplies_the_forecast_draw_by_draw(base):
    users, queries = forecast_demand(base, 200, 7)
    users_with, queries_with = forecast_demand(replace(base, events=(LAUNCH,)), 200, 7)
    factor = LAUNCH.factor(queries.months, 200, 7)
    assert queries_with.values == pytest.approx(queries.values * factor)
    assert users_with.values.tolist() == users.values.tolist()
    assert any("launch in 2024-12" in note for note in queries_with.notes)


def test_events_have_streams_of_their_own_and_users_and_queries_share_one(base):
    both = replace(LAUNCH, on="both")
    users, queries = forecast_demand(base, 200, 7)
    later = Event("price", "2025-03", Estimate(0.7, 0.8, 0.9))
    after = forecast_demand(replace(base, events=(both, later)), 200, 7)
    with_one = [with_events(one, [both], 7).values / one.values for one in (users, queries)]
    assert with_one[0] == pytest.approx(with_one[1])
    place = int(np.flatnonzero(queries.months == np.datetime64("2025-02"))[0])
    wanted = with_events(queries, [both], 7).values[:, : place + 1]
    assert after[1].values[:, : place + 1] == pytest.approx(wanted)


def test_a_file_gives_back_its_events(base, tmp_path):
    scenario = replace(base, events=(LAUNCH, Event("viral", "2025-01", Estimate.exactly(3.0))))
    path = tmp_path / "case.toml"
    path.write_text(dump_scenario(scenario))
    assert read_scenario(path).events == scenario.events
    assert [(one.group, one.key) for one in scenario_changes(base, read_scenario(path))] == [
        ("event", "launch"), ("event", "viral"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('month = "2024-05"', "'launch': month = 2024-05: allowed 2024-06 to 2025-11, after the"),
        ('month = "2025-12"', "'launch': month = 2025-12: allowed 2024-06 to 2025-11, after the"),
        ('month = "soon"', "month = 'soon': must be YYYY-MM"),
        ('month = "2025-01"\non = "gpus"', "on = 'gpus': allowed users, queries, both"),
        ('month = "2025-01"\nhalf_life_months = 0', "half_life_months = 0: allowed above 0"),
        ('month = "2025-01"\nfades = 1', "unknown key 'fades'"),
    ],
)
def test_a_file_with_an_impossible_event_is_refused_by_name(base, tmp_path, line, said):
    path = tmp_path / "case.toml"
    event = f'[[event]]\nname = "launch"\n{line}\neffect = {{ low = 1, mid = 2, high = 4 }}\n'
    path.write_text(dump_scenario(base) + event)
    with pytest.raises(ValueError, match=said):
        read_scenario(path)


def test_an_event_without_an_effect_is_refused(base, tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(dump_scenario(base) + '[[event]]\nname = "launch"\nmonth = "2025-01"\n')
    with pytest.raises(ValueError, match=r"event\[0\]: key 'effect' is missing"):
        read_scenario(path)


def test_a_name_given_twice_and_falling_totals_are_refused(base):
    with pytest.raises(ValueError, match="event 'launch' is given twice"):
        replace(base, events=(LAUNCH, LAUNCH))
    total = replace(base.users, kind="cumulative")
    with pytest.raises(ValueError, match="users are cumulative and never fall"):
        replace(base, users=total, events=(replace(LAUNCH, on="both"),))
    replace(base, users=total, events=(LAUNCH,))


@pytest.mark.parametrize(
    "effect", [Estimate(0.001, 0.5, 1.0), Estimate(1.0, 2.0, 200.0), Estimate.exactly(0.0)]
)
def test_effects_beyond_a_hundredfold_are_refused(effect):
    with pytest.raises(ValueError, match=r"allowed 0.01 to 100 \[ratio\]"):
        Event("launch", "2025-01", effect)


def test_a_plan_tells_its_events_in_words_and_in_its_sources(planned):
    assert "It counts with launch in 2024-12: 1.5 (1.2 to 2.5) times" in headline(planned)
    row = next(row for row in sources(planned) if row.group == "event")
    assert (row.item, row.value, row.unit) == ("launch", "1.5 (1.2 to 2.5)", "ratio")
    assert (row.valid, row.source, row.as_of) == ("2024-12", "two rivals", "2026-10")
    assert '"half_life_months": 3.0' in to_json(planned)


def test_an_explanation_names_the_event_with_its_factor(planned):
    parts = explain(planned, "daily_queries", "2025-01").parts
    grounds = [ground for part in parts for ground in part.grounds]
    event = next(ground for ground in grounds if ground.name.startswith("launch in"))
    assert 1.0 < event.value < 10.0
    assert event.source == "two rivals"


def test_claims_are_not_judged_by_a_plan_with_events():
    case = load_scenario("reported-case")
    found = plan(
        replace(case, events=(Event("viral", "2023-06", Estimate.exactly(2.0)),)), draws=100
    )
    assert not concerned(found)
