"""From users and queries to the load of every resource but GPUs."""
