from __future__ import annotations

import pytest

from capacity.procurement.decision import FORESIGHT, RECOMMENDED, Decision
from capacity.report.decision_charts import need_fan, regret_bars


def test_bands_hold_each_other_and_the_median(decision: Decision) -> None:
    fan = need_fan(decision)
    wide, narrow = fan.bands
    for place, middle in enumerate(fan.median):
        assert wide.low[place] <= narrow.low[place] <= middle
        assert middle <= narrow.high[place] <= wide.high[place]
    assert fan.lines[0].values == pytest.approx(decision.standing)
    assert fan.unit in fan.alt or "Nodes" in fan.alt


def test_every_policy_but_foresight_has_a_bar_as_long_as_its_regret(decision: Decision) -> None:
    bars = {bar.label: bar for bar in regret_bars(decision).bars}
    assert bars.keys() == {item.name for item in decision.verdicts} - {FORESIGHT}
    for name, bar in bars.items():
        assert bar.end == decision.verdict(name).regret_usd
    assert [name for name, bar in bars.items() if bar.tone == "total"] == [RECOMMENDED]
