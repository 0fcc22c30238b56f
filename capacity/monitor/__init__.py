"""Alerts and detectors for telemetry."""
