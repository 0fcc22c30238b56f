"""How models would have done on the past of a series."""
