"""Alert rules: accepted by promtool, and fired by it when they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from capacity.monitor.burn_rate import WORKBOOK_ALERTS
from capacity.report.alert_rules import alert_rules

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is not installed: Debian has it in the package prometheus"
)
GIB = 2**30


def promtool(*arguments: str) -> str:
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@needs_promtool
def test_promtool_accepts_the_rules_of_any_target(tmp_path: Path) -> None:
    targets = (0.5, 0.8, 0.9, 0.99, 0.995, 0.999, 0.9995, 0.99995, 0.999999)
    files = [tmp_path / f"{target}.yml" for target in targets]
    for file, target in zip(files, targets, strict=True):
        file.write_text(alert_rules(target), encoding="utf-8")
    said = promtool("check", "rules", *map(str, files))
    found = [int(count) for count in re.findall(r"SUCCESS: (\d+) rules found", said)]
    possible = [sum(alert.threshold(of) < 1.0 for alert in WORKBOOK_ALERTS) for of in targets]
    assert found == [5 + count + 2 for count in possible]


def scenario(series: list[str], minute: int, alert: str, expected: str) -> str:
    """A test for promtool: series minute by minute, and what fires at one of them."""
    return f"""\
rule_files: ["rules.yml"]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
{"".join(f"      - {line}" for line in series)}
    alert_rule_test:
      - eval_time: {minute}m
        alertname: "{alert}"
        exp_alerts: {expected}
"""


def requests(code: int, values: str) -> str:
    return f"series: 'http_requests_total{{code=\"{code}\"}}'\n        values: '{values}'\n"


PAGE = """
          - exp_labels: {severity: "page"}
            exp_annotations:
              summary: "The error budget burns at more than 14.4 times its pace"
              description: "2 % of the budget of 30 days is gone within 1h."
"""
# Two hours without errors, then the given share of 10,000 requests a minute fails.
FAULTS = [
    ("9000", "1000", 2, PAGE),  # a tenth fails: above the page's 0.72 % of an hour after 4.3 min
    ("9000", "1000", 6, PAGE),
    ("9980", "20", 59, "[]"),  # 0.2 % is below it for ever
]


@needs_promtool
@pytest.mark.parametrize(("served", "failed", "minutes", "expected"), FAULTS)
def test_a_page_fires_in_promtool_when_the_formula_says_so(
    served: str, failed: str, minutes: int, expected: str, tmp_path: Path
) -> None:
    before = 120
    after = minutes + 1
    series = [
        requests(200, f"0+10000x{before} {10000 * before + int(served)}+{served}x{after}"),
        requests(500, f"0+0x{before} {failed}+{failed}x{after}"),
    ]
    share = int(failed) / 10_000
    due = WORKBOOK_ALERTS[0].detection_min(0.9995, share)
    fires = expected if due < minutes else "[]"
    (tmp_path / "rules.yml").write_text(alert_rules(0.9995), encoding="utf-8")
    file = tmp_path / "test.yml"
    file.write_text(scenario(series, before + minutes, "BudgetBurn1h", fires), encoding="utf-8")
    assert "SUCCESS" in promtool("test", "rules", str(file))


FULL = """
          - exp_labels: {severity: "critical"}
            exp_annotations:
              summary: "A resource is gone in 4 h at the pace of the last 6h"
              description: "Less than 15 % of it is free."
"""


@needs_promtool
@pytest.mark.parametrize(("minute", "expected"), [(560, "[]"), (580, FULL)])
def test_a_disk_that_fills_is_critical_an_hour_after_its_line_says_so(
    minute: int, expected: str, tmp_path: Path
) -> None:
    # 100 GiB lose 10 GiB an hour: 4 h are left at minute 360, 15 % at minute 510, and an hour
    # on top makes 570.
    lost = 10 * GIB // 60
    series = [
        f"series: 'node_filesystem_avail_bytes'\n        values: '{100 * GIB}-{lost}x590'\n",
        f"series: 'node_filesystem_size_bytes'\n        values: '{100 * GIB}+0x590'\n",
    ]
    (tmp_path / "rules.yml").write_text(alert_rules(0.9995), encoding="utf-8")
    file = tmp_path / "test.yml"
    file.write_text(scenario(series, minute, "ResourceGoneIn4h", expected), encoding="utf-8")
    assert "SUCCESS" in promtool("test", "rules", str(file))


def test_thresholds_are_those_of_the_alerts() -> None:
    told = [float(number) for number in re.findall(r"rate\w+ > ([\d.e-]+)", alert_rules(0.9995))]
    expected = [alert.threshold(0.9995) for alert in WORKBOOK_ALERTS for _ in range(2)]
    assert told == pytest.approx(expected, rel=1e-5)


def test_every_window_of_an_alert_is_recorded() -> None:
    rules = alert_rules(0.999)
    recorded = set(re.findall(r"record: '(\S+)'", rules))
    used = set(re.findall(r"(service:\w+:rate\w+) >", rules))
    assert used == recorded


def test_what_cannot_happen_is_left_out_and_said() -> None:
    rules = alert_rules(0.9)
    assert "'BudgetBurn1h'" not in rules
    assert "Burn rate 14.4 cannot happen at 90 %" in rules
    assert "'BudgetBurn3d'" in rules


@pytest.mark.parametrize("target", [0.0, 0.49, 1.0, 99.95, float("nan"), -1.0])
def test_a_target_that_is_no_target_is_refused(target: float) -> None:
    with pytest.raises(ValueError, match=r"allowed 0\.5 to 0\.999999"):
        alert_rules(target)
