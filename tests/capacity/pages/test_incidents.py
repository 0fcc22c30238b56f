from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from capacity.dashboard.links import pack
from capacity.dashboard.outage_setting import incident_from_text
from capacity.outage.countermeasures import NAMES
from capacity.outage.file import load_incident
from capacity.outage.study import study
from capacity.report.outage_charts import outage_charts
from capacity.report.outage_text import HEAD, key_figures, row

Open = Callable[..., AppTest]
QUICK = 'name = "quick"\nhorizon = 40\nstep = 0.2\n'
FEW = {"outage_draws": "20", "incident": pack(QUICK)}
UPLOAD = "incidents.opened"


def _metrics(app: AppTest) -> dict[str, str]:
    return {item.label.lower(): str(item.value) for item in app.metric}


def test_switch_moves_the_page_to_the_replay_of_the_python_interface(opened: Open) -> None:
    app = opened("incidents", **FEW)
    found = study(incident_from_text(QUICK), ["canary"], draws=20)
    assert _metrics(app) == key_figures(found.told)
    app.toggle(key="incidents.with.canary").set_value(True).run()
    assert _metrics(app) == key_figures(found.chosen)
    assert app.query_params["with"] == "canary"
    rows = app.dataframe[2].value
    assert [tuple(item) for item in rows.to_numpy()] == [row(item) for item in found.effects]
    assert tuple(rows.columns) == HEAD


def test_every_chart_of_the_report_is_shown(opened: Open) -> None:
    app = opened("incidents", **FEW, **{"with": ["canary"]})
    found = study(incident_from_text(QUICK), ["canary"], draws=20)
    shown = {item.proto.alt for item in app.get("plotly_chart")}
    assert shown == {chart.alt for chart in outage_charts(found).values()}


def test_every_countermeasure_has_its_switch(opened: Open) -> None:
    keys = {item.key for item in opened("incidents", **FEW).toggle}
    assert keys == {f"incidents.with.{name}" for name in NAMES}


def test_link_shows_the_outage_it_names(opened: Open) -> None:
    app = opened("incidents", outage="february-2023-documented", outage_draws="20")
    found = study(load_incident("february-2023-documented"), draws=20)
    assert _metrics(app) == key_figures(found.told)
    assert app.selectbox(key="incidents.preset").value == "february-2023-documented"


def test_preset_is_chosen_and_undone(opened: Open) -> None:
    app = opened("incidents", outage_draws="20")
    before = _metrics(app)
    app.selectbox(key="incidents.preset").set_value("february-2023-documented").run()
    assert _metrics(app) != before
    next(item for item in app.button if item.label == "Undo").click().run()
    assert _metrics(app) == before


def test_own_incident_opens_and_goes_into_the_link(opened: Open) -> None:
    app = opened("incidents", outage_draws="20")
    app.file_uploader(key=UPLOAD).upload("x.toml", b'name = "mine"\nnodes = 12\n').run()
    assert app.session_state["now"].outage.incident.nodes == 12
    assert "incident" in app.query_params
    assert app.selectbox(key="incidents.preset").value == "own incident"
    app.selectbox(key="incidents.preset").set_value("february-2023").run()
    assert "incident" not in app.query_params


def test_countermeasures_that_exclude_each_other_are_refused(opened: Open) -> None:
    app = opened("incidents", **FEW, **{"with": ["never-offline"]})
    app.toggle(key="incidents.with.taken-offline").set_value(True).run()
    assert "exclude each other" in app.error[0].value
    assert app.session_state["now"].outage.names == ("never-offline",)
    assert not app.toggle(key="incidents.with.taken-offline").value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"a = " + b"[" * 5000,
        b'name = "x"\nnodes = 1e9',
        b"[" * 9,
        b"#" * 1_000_001,
    ],
)
def test_hostile_incident_is_said_and_changes_nothing(opened: Open, content: bytes) -> None:
    app = opened("incidents", **FEW)
    before = app.session_state["now"]
    app.file_uploader(key=UPLOAD).upload("<b>.toml", content).run()
    assert app.error
    assert "/tmp" not in app.error[0].value
    assert "<b>" not in app.error[0].value
    assert app.session_state["now"] == before
    assert app.metric


def test_draws_of_the_ranking_go_into_the_link(opened: Open) -> None:
    app = opened("incidents", **FEW)
    app.number_input(key="incidents.draws").set_value(25).run()
    assert app.query_params["outage_draws"] == "25"
    assert app.session_state["now"].outage.draws == 25


def test_files_for_download_are_offered(opened: Open) -> None:
    found = opened("incidents", **FEW).main.get("download_button")
    assert [item.label for item in found] == ["CSV", "JSON", "PDF", "TOML"]
