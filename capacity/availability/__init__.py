"""Redundancy that an availability target takes, solved and simulated."""
