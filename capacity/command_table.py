"""What each name on the command line runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from capacity.availability_command import design_redundancy
from capacity.backtesting import backtest_series
from capacity.calibrating import calibrate_serving
from capacity.commands import (
    audit_claims,
    check_data,
    compare_scenarios,
    plan_scenario,
    report_again,
    write_alerts,
)
from capacity.dashboard.launch import open_dashboard
from capacity.decide_command import decide_purchase
from capacity.forecast_command import forecast_series
from capacity.hardware_command import rank_hardware
from capacity.learning import learn_reference
from capacity.outage_command import replay_outage
from capacity.panel_command import panel_forecast
from capacity.question_commands import (
    diff_scenarios,
    explain_figure,
    rank_inputs,
    solve_goal,
    tell_economics,
)

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
