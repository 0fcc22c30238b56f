"""Thousands of series at once: read, forecast on one machine or a cluster, written as one table."""
