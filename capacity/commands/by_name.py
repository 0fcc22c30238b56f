"""What each name on the command line runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from capacity.commands.availability import design_redundancy
from capacity.commands.backtesting import backtest_series
from capacity.commands.calibrating import calibrate_serving
from capacity.commands.decide import decide_purchase
from capacity.commands.forecast import forecast_series
from capacity.commands.hardware import rank_hardware
from capacity.commands.learning import learn_reference
from capacity.commands.outage import replay_outage
from capacity.commands.panel import panel_forecast
from capacity.commands.plans import (
    audit_claims,
    check_data,
    compare_scenarios,
    plan_scenario,
    report_again,
    write_alerts,
)
from capacity.commands.questions import (
    diff_scenarios,
    explain_figure,
    rank_inputs,
    solve_goal,
    tell_economics,
)
from capacity.dashboard.launch import open_dashboard

COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "plan": plan_scenario,
    "forecast": forecast_series,
    "panel": panel_forecast,
    "backtest": backtest_series,
    "audit": audit_claims,
    "compare": compare_scenarios,
    "diff": diff_scenarios,
    "solve": solve_goal,
    "explain": explain_figure,
    "sensitivity": rank_inputs,
    "economics": tell_economics,
    "hardware": rank_hardware,
    "decide": decide_purchase,
    "report": report_again,
    "outage": replay_outage,
    "availability": design_redundancy,
    "alerts": write_alerts,
    "app": open_dashboard,
    "calibrate-serving": calibrate_serving,
    "check-data": check_data,
    "learn-reference": learn_reference,
}
