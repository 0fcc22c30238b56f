"""Young services: growth curves, and how products like them went on."""
