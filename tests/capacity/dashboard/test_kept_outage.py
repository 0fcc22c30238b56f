from __future__ import annotations

import io
import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from streamlit import cache_resource

from capacity.cli import main
from capacity.dashboard import kept_outage
from capacity.dashboard.outage_setting import OutageSetting, incident_from_text, own_outage
from capacity.dashboard.setting import Setting
from capacity.outage import study as outage
from capacity.outage.file import load_incident
from capacity.outage.study import study
from capacity.report.outage_json import outage_csv, outage_json
from capacity.report.outage_pdf import outage_pdf

TWO = Setting(outage=OutageSetting(names=("canary", "cells"), draws=20))


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    cache_resource.clear()
    yield
    cache_resource.clear()


def test_files_are_those_of_the_command() -> None:
    found = study(load_incident("february-2023"), ["canary", "cells"], draws=20)
    assert kept_outage.export(TWO, "json").decode() == outage_json(found)
    assert kept_outage.export(TWO, "csv").decode() == outage_csv(found)
    assert kept_outage.export(TWO, "pdf") == outage_pdf(found)
    assert pypdf.PdfReader(io.BytesIO(kept_outage.export(TWO, "pdf"))).pages


def test_told_command_and_downloaded_incident_give_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_outage(incident_from_text('name = "mine"\nnodes = 12\nhorizon = 40'), TWO.outage)
    asked = Setting(seed=3, outage=own)
    (tmp_path / "mine.toml").write_bytes(kept_outage.export(asked, "toml"))
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(kept_outage.command(asked))[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(kept_outage.export(asked, "json"))


def test_progress_rises_from_zero_and_is_told_before_each_replay() -> None:
    told: list[float] = []
    found = kept_outage.effects(TWO, told.append)
    assert told[0] == 0.0
    assert told == sorted(set(told))
    assert len(told) == len(found) == len(outage.to_rank(TWO.outage.names))


def test_interrupted_ranking_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = replace(TWO, seed=11)
    replayed: list[tuple[str, ...]] = []
    compute = outage.sampled

    def count(incident, names, draws, seed):  # type: ignore[no-untyped-def]
        replayed.append(names)
        return compute(incident, names, draws, seed)

    def interrupt(done: float) -> None:
        if done > 0.5:
            raise InterruptedError

    monkeypatch.setattr(outage, "sampled", count)
    with pytest.raises(InterruptedError):
        kept_outage.effects(asked, interrupt)
    kept_outage.effects(asked)
    assert sorted(replayed) == sorted(outage.to_rank(asked.outage.names))


def test_another_countermeasure_replays_nothing_that_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept_outage.effects(TWO)
    monkeypatch.setattr(outage, "sampled", pytest.fail)
    one = replace(TWO, outage=replace(TWO.outage, names=("canary",)))
    assert kept_outage.effects(one) == kept_outage.effects(TWO)[:-1]
