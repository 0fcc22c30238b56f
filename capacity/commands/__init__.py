"""The commands of `fleetcast`: load, compute, print, write."""
