"""The shipped data: where they lie, what they hold, and everything that can be wrong with them."""
