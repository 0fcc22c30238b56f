"""Measurements of the shipped models on rows given by option."""
