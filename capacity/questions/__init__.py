"""Questions to a plan: why, what matters, and what would reach a goal."""
