from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.estimate import Estimate
from capacity.scenarios.file import (
    dump_scenario,
    load_scenario,
    read_scenario,
    save_scenario,
    shipped,
)
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import CrossCheck, Growth
from capacity.scenarios.scenario import Scenario
from capacity.serving.transformer import CacheLayout
from forecast.history import History

LONG = 20_000  # characters that a message may have, all faults together
RANGES = "[estimates.reply_tokens]\nlow = 3\nmid = 4\nhigh = 5\n"
CHECK = '[[cross_check]]\nmetric = "gpus"\nmonth = "2024-06"\ncomparator = "over"\nsource = "x"\n'
Refused = Callable[[str], str]


def same(one: Scenario, other: Scenario) -> bool:
    """Equal in every field; histories by value."""
    for key in ("users", "queries"):
        a, b = getattr(one, key), getattr(other, key)
        if not np.array_equal(a.dates, b.dates) or not np.array_equal(a.values, b.values):
            return False
        if (a.name, a.kind, a.unit, a.source) != (b.name, b.kind, b.unit, b.source):
            return False
    plain = replace(other, users=one.users, queries=one.queries)
    return replace(one, correlations=one.correlations or {}) == replace(
        plain, correlations=plain.correlations or {}
    )


def again(scenario: Scenario, folder: Path) -> Scenario:
    save_scenario(scenario, folder / "again.toml")
    return read_scenario(folder / "again.toml")


@pytest.fixture
def rich(reported: Scenario) -> Scenario:
    """Scenario that uses every part of a file."""
    changed = replace(
        reported,
        name="A rich.one_2-b",
        description='Quotes " and \\ and\nlines, 日本 and \u202e; =1+1',
        growth=Growth("constant", "all", -0.25),
        estimates={"cached_share": Estimate(0.2, 0.5, 0.9, 0.8, "share", "s", "2024", "measured")},
        correlations={
            ("reply_tokens", "prompt_tokens"): 0.5,
            ("price_factor", "grid_carbon"): -0.1,
        },
        cross_checks=(CrossCheck("gpus", "2024-06", "under", 1e4, 'say "x"'),),
        cache=CacheLayout(0.25, 512.0, 1.5),
        levers={"zones": 2, "availability": 0.999, "term": "3y"},
    )
    return changed.override("first", reply_tokens=5).override(
        "second ~ [x]", reply_tokens=(1, 2.5, 1e5), demand_factor=1e-5
    )


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_survives_save_and_load(name: str, tmp_path: Path) -> None:
    before = load_scenario(name)
    after = again(before, tmp_path)
    assert same(before, after)
    assert dump_scenario(after) == dump_scenario(before)


def test_a_scenario_with_every_part_survives_save_and_load(rich: Scenario, tmp_path: Path) -> None:
    after = again(rich, tmp_path)
    assert same(rich, after)
    assert dump_scenario(after) == dump_scenario(rich)
    assert after.inputs == rich.inputs


def test_a_saved_scenario_draws_the_same_numbers(rich: Scenario, tmp_path: Path) -> None:
    one, other = rich.draw(50, 7), again(rich, tmp_path).draw(50, 7)
    assert all(np.array_equal(one[name], other[name]) for name in one)


@given(
    name=st.sampled_from(sorted(ASSUMPTIONS)),
    steps=st.tuples(st.floats(0.001, 0.5), st.floats(0.001, 0.5)),
)
@settings(max_examples=40)
def test_every_number_survives_save_and_load(
    reported: Scenario, name: str, steps: tuple[float, float]
) -> None:
    item, (down, up) = ASSUMPTIONS[name], steps
    mid = item.estimate.mid or 0.7
    low, high = mid - down * (mid - item.minimum), mid + up * min(mid, item.maximum - mid)
    value = replace(item.estimate, low=low, mid=mid, high=high)
    text = dump_scenario(replace(reported, estimates={name: value}))
    saved = tomllib.loads(text)["estimates"][name]
    assert [saved[key] for key in ("low", "mid", "high")] == [value.low, value.mid, value.high]


def test_an_estimate_built_without_its_unit_survives_save_and_load(
    reported: Scenario, tmp_path: Path
) -> None:
    before = reported.override("x", reply_tokens=Estimate.exactly(300.0))
    assert again(before, tmp_path).inputs == before.inputs


def test_a_history_from_a_csv_file_beside_it_is_read(reported: Scenario, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("date,value\n2022-01,120000\n2022-12,620000\n")
    text = dump_scenario(reported)
    start, end = text.index("[users.points]"), text.index("[queries]")
    path = tmp_path / "my.toml"
    path.write_text(text[:start] + text[end:])
    path.write_text(path.read_text().replace("[users]\n", '[users]\ncsv = "users.csv"\n'))
    found = read_scenario(path)
    assert found.users.values.tolist() == [120_000, 620_000]
    assert same(found, reported)


def test_saving_replaces_the_file_and_leaves_nothing_else(
    reported: Scenario, tmp_path: Path
) -> None:
    path = tmp_path / "my.toml"
    path.write_text("old")
    save_scenario(reported, path)
    assert [item.name for item in tmp_path.iterdir()] == ["my.toml"]
    assert path.read_text(encoding="utf-8") == dump_scenario(reported)


def test_a_save_that_fails_leaves_nothing_behind(reported: Scenario, tmp_path: Path) -> None:
    (tmp_path / "my.toml").mkdir()
    with pytest.raises(OSError, match="my"):
        save_scenario(reported, tmp_path / "my.toml")
    assert [item.name for item in tmp_path.iterdir()] == ["my.toml"]


@pytest.mark.parametrize("name", ["my.yaml", "my", "my.toml.exe", ".toml"])
def test_only_toml_files_are_written(reported: Scenario, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"ends in .toml"):
        save_scenario(reported, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        *("reported-cas", "../data", "/etc/passwd", "a/../../b", "%2e%2e%2f", "", "-rf"),
        *("x" * 10_000, "https://169.254.169.254/x", "..\\windows", "nul\0.tom", "a\x1b[2J"),
    ],
)
def test_an_unknown_scenario_is_one_short_message(name: str) -> None:
    with pytest.raises(ValueError, match="unknown scenario") as caught:
        load_scenario(name)
    assert len(str(caught.value)) < 500
    assert "\x1b" not in str(caught.value)


def test_a_near_name_is_named() -> None:
    with pytest.raises(ValueError, match="nearest: reported-case"):
        load_scenario("reported-cas")


@pytest.mark.parametrize("name", ["none.toml", "../../none.toml", "https://a.b/x.toml", ".toml"])
def test_a_missing_file_is_said_to_be_missing(name: str) -> None:
    with pytest.raises(FileNotFoundError, match="no such file"):
        load_scenario(name)


@pytest.fixture
def refused(tmp_path: Path, within_seconds: None) -> Refused:
    """Message with which a document is refused; nothing may be written."""

    def read(text: str) -> str:
        path = tmp_path / "my.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"^my\.toml: ") as caught:
            read_scenario(path)
        assert [item.name for item in tmp_path.iterdir()] == ["my.toml"]
        message = str(caught.value)
        assert all(line.startswith("my.toml: ") for line in message.split("\n"))
        assert len(message) < LONG
        return message

    return read


@pytest.fixture(scope="session")
def good(reported: Scenario) -> str:
    return dump_scenario(reported)


# Each case: text added at the end, and what the message must contain.
ADDED = {
    "B041 word for a number": ('[policy]\nzones = "NO"', "zones = 'NO'"),
    "B043 octal": ("[policy]\nzones = 017", "not valid TOML"),
    "B044 1e3 for a count": ("[policy]\nzones = 1e3", "zones = 1000"),
    "B046 binary": ('[policy]\nzones = "AAAA"', "zones = 'AAAA'"),
    "B052 availability 0": ("[policy]\navailability = 0", "availability = 0"),
    "B053 availability -0.1": ("[policy]\navailability = -0.1", "allowed 0.9 to 0.99999"),
    "B054 availability 99.95": ("[policy]\navailability = 99.95", "write 0.9995"),
    "B062 replicas -3": ("[policy]\nzones = -3", "zones = -3: allowed 1 to 6"),
    "B064 replicas true": ("[policy]\nzones = true", "zones = True: must be int"),
    "B065 replicas '12'": ('[policy]\nbackup_copies = "2"', "backup_copies = '2': must be int"),
    "B067 mtbf 0": (
        RANGES.replace("reply_tokens", "node_failures_per_1000_node_days").replace("= 3", "= 0"),
        "node_failures_per_1000_node_days",
    ),
    "B068 share 1.5": (
        RANGES.replace("reply_tokens", "failover_failure"),
        "failover_failure",
    ),
    "B069 zones 0": ("[policy]\nzones = 0", "zones = 0: allowed 1 to 6"),
    "B076 a billion": ("[policy]\nchanges_per_month = 1000000000", "allowed 0 to 1000"),
    "B086 huge whole number": ("[policy]\navailability = 1" + "0" * 400, "availability = "),
    "huge count": ("[policy]\nzones = 1" + "0" * 4000, "zones = 1000"),
    "huge hexadecimal": ("[policy]\nzones = 0x" + "f" * 10_000, "zones"),
    "not a number": ("[policy]\nttft_s = nan", "ttft_s = nan: allowed 0.05 to 60"),
    "infinite": ("[policy]\nttft_s = inf", "ttft_s = inf: allowed 0.05 to 60"),
    "underscore text": ('[policy]\nchanges_per_month = "1_000"', "changes_per_month = '1_000'"),
    "other digits": ('[policy]\nzones = "٣"', "zones = '٣'"),
    "a date": ("[policy]\nzones = 2022-01-01", "zones = "),
    "a table": ("[policy]\nzones = {a = 1}", "zones = {'a': 1}"),
    "unknown policy": ("[policy]\nzone = 2", "'zone'; nearest: zones"),
    "long text": ('[policy]\nterm = "' + "x" * 100_000 + '"', "term = 'xxx"),
    "unknown provider": ('[policy]\nprovider = "AWSS"', "AWSS"),
    "unknown instance": ('[policy]\ninstance = "p4d.24xlrge"', "nearest: p4d.24xlarge"),
    "deep policy": ("[policy]\nzones" + ".a" * 2_000 + " = 1", "my.toml"),
    "unknown part": ("[polcy]\nzones = 2", "unknown key 'polcy'; nearest: policy"),
    "unknown input": (RANGES.replace("reply", "repl"), "'repl_tokens'; nearest: reply_tokens"),
    "estimate is a number": ("[estimates]\nreply_tokens = 5", "must be a table"),
    "estimate in disorder": (RANGES.replace("5", "1"), "low <= mid <= high"),
    "estimate infinite": (RANGES.replace("5", "inf"), "finite"),
    "estimate too large": (RANGES.replace("5", "1e9"), "reply_tokens"),
    "estimate as text": (RANGES.replace("5", '"5"'), "high = '5': must be a number"),
    "estimate as bool": (RANGES.replace("5", "true"), "high = True: must be a number"),
    "level 90": (RANGES + "level = 90", "level must lie between 0 and 1, got 90"),
    "level nan": (RANGES + "level = nan", "level must lie between 0 and 1"),
    "basis": (RANGES + 'basis = "guess"', "basis = 'guess': allowed measured, calibrated"),
    "estimate key": (RANGES + 'unit = "x"', "unknown key 'unit'"),
    "cache key": ("[cache]\nwindw = 1", "unknown key 'windw'; nearest: window"),
    "cache nan": ("[cache]\nwindow = nan", "window must be above 0"),
    "correlation key": ('[correlations]\n"reply_tokens" = 1', "two inputs joined by"),
    "correlation unknown": ('[correlations]\n"reply_tokens ~ a" = 0.1', "unknown input 'a'"),
    "correlation 2": ('[correlations]\n"reply_tokens ~ prompt_tokens" = 2', "between -1 and 1"),
    "override without name": ("[[override]]\n[override.estimates]", "key 'name' is missing"),
    "override is text": ("[override]\nname = 'x'", "override"),
    "check metric": (CHECK.replace("gpus", "gpu") + "value = 1", "'gpu'; nearest: gpus"),
    "check month": (CHECK.replace("-06", "-13") + "value = 1", "month = '2024-13'"),
    "check value missing": (CHECK, "key 'value' is missing"),
    "check nan": (CHECK + "value = nan", "value"),
}


@pytest.mark.parametrize("case", ADDED)
def test_a_hostile_addition_is_refused_by_name(good: str, refused: Refused, case: str) -> None:
    text, wanted = ADDED[case]
    assert wanted in refused(f"{good}\n{text}\n")


# Each case: a piece of the document, its replacement, and what the message must contain.
REPLACED = {
    "B037 tag": ('"reported-case"', '!!python/object/apply:os.system ["true"]', "not valid TOML"),
    "B039 aliases": ('"reported-case"', "*a", "not valid TOML"),
    "B040 deep lists": ('"reported-case"', "[" * 2000 + "]" * 2000, "nested too deeply"),
    "B050 deeper lists": ('"reported-case"', "[" * 10**5 + "]" * 10**5, "nested too deeply"),
    "lists": ('"reported-case"', "[" * 200 + "]" * 200, "my.toml"),
    "B121 markup": ('"reported-case"', '"<script>alert(1)</script>"', "allowed are 1 to 64"),
    "B123 control": ('"reported-case"', '"a\\u001b[2Jb"', "allowed are 1 to 64"),
    "name traverses": ('"reported-case"', '"../../x"', "allowed are 1 to 64"),
    "name is a number": ('"reported-case"', "5", "name = 5: must be text"),
    "name of many parts": ('name = "reported-case"', "name" + ".a" * 2000 + " = 1", "my.toml"),
    "month": ('start = "2022-01"', 'start = "2022-00"', "start = '2022-00'"),
    "month is a date": ('start = "2022-01"', "start = 2022-01-01", "must be text"),
    "long month": ('start = "2022-01"', f'start = "{"1" * 10**5}"', "start = '111"),
    "window": ('end = "2024-06"', 'end = "2021-06"', "allowed 1 to 240"),
    "architecture": ("llama-2-13b", "llama-2-13", "nearest: llama-2-13b"),
    "profile": ("burstgpt_chatgpt_conv", "burstgpt_chatgpt_con", "nearest: burstgpt_chatgpt_conv"),
    "long architecture": ("llama-2-13b", "x" * 10**5, "architecture"),
    "model": ('"reference-class"', '"reference-clas"', "nearest: reference-class"),
    "correlation": ("correlation = 0.75", "correlation = 1.5", "allowed -1 to 1"),
    "kind": ('"cumulative"', '"total"', "kind 'total'; allowed: cumulative"),
    "cumulative falls": ("620000.0", "6200.0", "never falls"),
    "point nan": ("620000.0", "nan", "finite number above 0"),
    "point negative": ("620000.0", "-1", "finite number above 0"),
    "point zero": ("620000.0", "0", "finite number above 0"),
    "point text": ("620000.0", '"620000"', "must be a number"),
    "point bool": ("620000.0", "true", "must be a number"),
    "point huge": ("620000.0", "1" + "0" * 400, "finite number above 0"),
    "month twice": ("2022-12-01 = 620000.0", '"2022-01-15" = 1e6', "twice"),
    "month no date": ("2022-12-01 = 620000.0", '"x" = 1e6', "YYYY-MM"),
    "month today": ("2022-12-01 = 620000.0", "today = 1e6", "today"),
    "month of a week": ("2022-12-01 = 620000.0", '"NaT" = 1e6', "NaT"),
    "points and csv": ("[users]", '[users]\ncsv = "u.csv"', "points"),
    "csv of a device": ("[users]", '[users]\ncsv = "/dev/zero"', "users"),
    "csv address": ("[users]", '[users]\ncsv = "https://169.254.169.254/x"', "users"),
    "csv no text": ("[users]", "[users]\ncsv = 5", "csv"),
    "users are a list": ("[users]", "[[users]]", "users"),
    "queries of a month": ('"queries/day"', '"queries/month"', "queries/day"),
    "queries of all time": ('kind = "flow"', 'kind = "cumulative"', "flow"),
    "other last month": ("2022-12-01 = 620000.0", "2022-11-01 = 620000.0", "2022-11"),
}


@pytest.mark.parametrize("case", REPLACED)
def test_a_hostile_replacement_is_refused_by_name(good: str, refused: Refused, case: str) -> None:
    old, new, wanted = REPLACED[case]
    assert old in good
    assert wanted in refused(good.replace(old, new, 1))


def test_an_empty_file_names_every_key_that_is_missing(refused: Refused) -> None:
    text = refused("")
    for key in ("name", "start", "end", "architecture", "profile", "users", "queries"):
        assert f"key {key!r} is missing" in text


MANY = {
    "unknown keys": lambda good, lines: f"{lines('unknown{} = 1')}\n{good}",
    "near inputs": lambda good, lines: f"{good}\n[estimates]\n{lines('reply_token{} = 1')}",
    "levers": lambda good, lines: f"{good}\n[policy]\n{lines('zones{} = 1')}",
    "points": lambda good, lines: good.replace(
        "[users.points]", f"[users.points]\n{lines('key{} = 1')}"
    ),
}


@pytest.mark.parametrize("case", MANY)
def test_a_megabyte_of_faults_is_one_readable_message_within_seconds(
    good: str, refused: Refused, case: str
) -> None:
    refused(MANY[case](good, lambda pattern: "\n".join(map(pattern.format, range(42_000)))))


def test_every_fault_of_a_file_is_reported_at_once(good: str, refused: Refused) -> None:
    text = good.replace("start = ", "zones = 2\nstart = ").replace('"2022-01"', '"2022-1"')
    text = text.replace("620000.0", "-1").replace('"service"', '"services"')
    text = text.replace("llama-2-13b", "llama-2-13")
    text += "[policy]\nzone = 2\nregions = 9\navailability = 99.95\n"
    text += RANGES.replace("5", "1") + RANGES.replace("reply_", "prompt_").replace("5", "1e9")
    found = refused(text)
    wanted = ["'zones'", "start = '2022-1'", "value -1", "reference = 'services'", "llama-2-13b"]
    wanted += ["'zone'", "regions = 9", "availability = 99.95", "low <= mid", "prompt_tokens"]
    assert [part for part in wanted if part not in found] == []


def test_one_fault_is_one_line(good: str, refused: Refused) -> None:
    assert refused(good + "[estimates]\nreply_tokens = 5\n").count("\n") == 0
    assert refused(good + RANGES + "basis = 3\n").count("\n") == 0


def test_dates_of_points_may_be_months_or_days(good: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(good.replace("2022-01-01 = 120000.0", '"2022-01" = 120000'), encoding="utf-8")
    assert read_scenario(path).users.values[0] == 120_000


def test_a_history_keeps_its_name(good: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(good, encoding="utf-8")
    found = read_scenario(path)
    assert isinstance(found.users, History)
    assert (found.users.name, found.queries.name) == ("users", "queries")
