"""From load to machines: the cheapest hardware in time, nodes needed, nodes ordered."""
