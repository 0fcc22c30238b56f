"""Services to test with: one as shipped, one in which everything fails all the time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from capacity.availability.request_loss import HourlyNeed
from capacity.policy import Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.tree import (
    Cause,
    Changes,
    Design,
    Hosts,
    Managed,
    Nodes,
    Planned,
    Replicas,
    Replicated,
    Service,
    Zone,
)
from capacity.scenarios.tree_file import service_of

SHIPPED = service_of({}, {name: item.estimate for name, item in ASSUMPTIONS.items()}, Policy())
POOR = Service(
    {
        "gateway": Managed(0.01, 1.0, planned=Planned(6.0, 0.5)),
        "hosts": Hosts(0.05, 2.0),
        "database": Replicated(0.01, 4.0, 0.7, 0.2, Planned(20.0, 2.0, 0.2)),
        "replicas": Replicas(0.05, 2.0, 0.6, Planned(10.0, 0.7)),
        "region": Managed(0.003, 3.0, Cause.REGION),
    },
    Nodes(1 / 500, 24.0, 0.1, 0.4, planned=Planned(5.0, 3.0)),
    Zone(0.01),
    0.3,
    Changes(100, 0.1, 0.5),
)
HOURS = np.arange(24)
DAY = HourlyNeed(12.0 * (0.7 + 0.3 * np.sin(2 * np.pi * HOURS / 24)), hosts=3)
FLAT = HourlyNeed(np.full(24, 12.0), hosts=3)
chances = st.floats(0.0, 0.05)
# all works of a day together fit in its night
plans = st.builds(Planned, st.floats(0.0, 4.0), st.floats(0.0, 1.0), st.floats(0.0, 0.1))


@st.composite
def services(draw: st.DrawFn) -> Service:
    parts = {
        "gateway": Managed(draw(chances), 1.0),
        "hosts": Hosts(draw(chances), 1.0),
        "database": Replicated(
            draw(st.floats(1e-6, 0.05)), 4.0, draw(st.floats(0.5, 1.0)), draw(chances), draw(plans)
        ),
        "replicas": Replicas(draw(chances), 1.0, draw(st.floats(0.0, 1.0)), draw(plans)),
        "region": Managed(draw(chances), 3.0, Cause.REGION),
    }
    shares = (draw(st.floats(0.0, 0.5)), draw(st.floats(0.0, 1.0)))
    nodes = Nodes(draw(st.floats(1e-5, 1e-2)), 24.0, *shares, planned=draw(plans))
    changes = Changes(draw(st.floats(0, 300)), 0.1, 0.5)
    return Service(parts, nodes, Zone(draw(chances)), draw(st.floats(0.0, 0.5)), changes)


@st.composite
def designs(draw: st.DrawFn) -> Design:
    return Design(
        regions=draw(st.integers(1, 3)),
        zones=draw(st.integers(1, 4)),
        zone_nodes=draw(st.integers(1, 20)),
        standbys=draw(st.integers(0, 2)),
        crews=draw(st.integers(0, 3)),
        canary_share=draw(st.sampled_from((0.01, 0.1, 1.0))),
        read_spares=draw(st.integers(0, 3)),
    )


def with_nodes(service: Service, **changes: float) -> Service:
    return replace(service, nodes=replace(service.nodes, **changes))
