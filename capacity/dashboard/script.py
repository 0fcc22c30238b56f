"""The script that the server runs for each visitor."""

from __future__ import annotations

if __name__ == "__main__":
    from capacity.dashboard.navigation import run

    run()
