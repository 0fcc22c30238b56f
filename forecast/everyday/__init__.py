"""Series with a year of past or more: classical models, pooled networks, intervals that hold."""
