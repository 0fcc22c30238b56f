"""The dashboard's entry in a checkout: `streamlit run app.py`, or `make app`."""

from capacity.dashboard.navigation import run

run()
