"""Pages of the dashboard, each a thin view over the calls of the Python interface."""
