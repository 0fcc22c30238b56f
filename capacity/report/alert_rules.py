"""Alert rules for Prometheus: budget burn at any target, and resources about to run out."""

from __future__ import annotations

from capacity.availability.service_level import error_budget_min
from capacity.monitor.burn_rate import WORKBOOK_ALERTS, BurnAlert
from capacity.numbers import percent

ERRORS = 'http_requests_total{code=~"5.."}'
REQUESTS = "http_requests_total"
FREE = "node_filesystem_avail_bytes"
SIZE = "node_filesystem_size_bytes"
WINDOW, HOLD = "6h", "1h"
LOWEST, HIGHEST = 0.5, 0.999999  # targets for which an alert still says something
# Severity, hours ahead, and the share that must be gone: a full disk is no news to a cache.
EXHAUSTION = (("warning", 24, 0.20), ("critical", 4, 0.15))

HEAD = """\
# Alert rules for an availability of {target}: error budget {budget:g} min in 30 days.
# Written by `fleetcast alerts --target {fraction!r}`; check with `promtool check rules FILE`.
# Replace {requests}, {errors} and {free} by your own series.
groups:
"""


def alert_rules(target: float) -> str:
    """Rules that `promtool check rules` accepts.

    Parameters
    ----------
    target : float
        Availability that is promised. [1]

    Returns
    -------
    str
        YAML with three groups: error rates of all windows, budget burn, resources.

    Raises
    ------
    ValueError
        If the target is outside 0.5 to 0.999999.

    Examples
    --------
    >>> print(alert_rules(0.9995).splitlines()[0])
    # Alert rules for an availability of 99.95 %: error budget 21.6 min in 30 days.
    """
    if not LOWEST <= target <= HIGHEST:
        raise ValueError(f"target = {target!r}: allowed {LOWEST:g} to {HIGHEST:g} [share]")
    head = HEAD.format(
        target=_exactly(target),
        budget=float(f"{error_budget_min(target):.6g}"),
        fraction=target,
        requests=REQUESTS,
        errors=ERRORS,
        free=FREE,
    )
    rates = [_recorded(window) for window in _windows()]
    burns = [_burn(alert, target) for alert in WORKBOOK_ALERTS]
    resources = [_exhaustion(*row) for row in EXHAUSTION]
    groups = (("error-rates", rates), ("budget-burn", burns), ("resources", resources))
    return head + "".join(f'  - name: "{name}"\n    rules:\n{"".join(of)}' for name, of in groups)


def _exactly(target: float) -> str:
    """Percent with every nine."""
    return f"{100.0 * target:.8g} %"


def _windows() -> list[str]:
    """Every window of the alerts once, the shortest first."""
    minutes = {alert.short_min for alert in WORKBOOK_ALERTS}
    minutes |= {60.0 * alert.long_h for alert in WORKBOOK_ALERTS}
    return [_span(length) for length in sorted(minutes)]


def _span(minutes: float) -> str:
    """A length of time as Prometheus writes it."""
    for unit, length in (("d", 1440.0), ("h", 60.0)):
        if minutes % length == 0.0:
            return f"{minutes / length:.0f}{unit}"
    return f"{minutes:g}m"


def _rate(window: str) -> str:
    return f"service:error_ratio:rate{window}"


def _recorded(window: str) -> str:
    ratio = f"sum(rate({ERRORS}[{window}])) / sum(rate({REQUESTS}[{window}]))"
    return f"      - record: {_quoted(_rate(window))}\n        expr: {_quoted(ratio)}\n"


def _burn(alert: BurnAlert, target: float) -> str:
    """One alert, or a comment where no error rate can be so high."""
    threshold, long = alert.threshold(target), _span(60.0 * alert.long_h)
    if threshold >= 1.0:
        return f"      # Burn rate {alert.burn:g} cannot happen at {_exactly(target)}: left out.\n"
    windows = (_rate(long), _rate(_span(alert.short_min)))
    return _alert(
        f"BudgetBurn{long}",
        " and ".join(f"{name} > {threshold:.6g}" for name in windows),
        alert.severity,
        f"The error budget burns at more than {alert.burn:g} times its pace",
        f"{percent(alert.budget())} of the budget of 30 days is gone within {long}.",
    )


def _exhaustion(severity: str, hours: int, free: float) -> str:
    gone = f"predict_linear({FREE}[{WINDOW}], {hours * 3600}) < 0"
    return _alert(
        f"ResourceGoneIn{hours}h",
        f"{gone} and {FREE} / {SIZE} < {free:g}",
        severity,
        f"A resource is gone in {hours} h at the pace of the last {WINDOW}",
        f"Less than {percent(free)} of it is free.",
        hold=HOLD,
    )


def _alert(
    name: str, expression: str, severity: str, summary: str, details: str, hold: str = ""
) -> str:
    lines = [f"- alert: {_quoted(name)}", f"  expr: {_quoted(expression)}"]
    lines += [f"  for: {_quoted(hold)}"] if hold else []
    lines += ["  labels:", f"    severity: {_quoted(severity)}", "  annotations:"]
    lines += [f"    summary: {_quoted(summary)}", f"    description: {_quoted(details)}"]
    return "".join(f"      {line}\n" for line in lines)


def _quoted(text: str) -> str:
    """Text as a YAML string that can hold anything printable: a quote inside is doubled."""
    return "'" + text.replace("'", "''") + "'"
