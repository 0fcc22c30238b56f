"""Reports of a plan: on a terminal, as CSV, XLSX, JSON and PDF."""

from __future__ import annotations

from capacity.report.csv import to_csv
from capacity.report.files import write, write_csv, write_json, write_pdf, write_xlsx
from capacity.report.json import to_json
from capacity.report.pdf import to_pdf
from capacity.report.text import audit_text, console
from capacity.report.xlsx import to_xlsx

__all__ = [
    "audit_text",
    "console",
    "to_csv",
    "to_json",
    "to_pdf",
    "to_xlsx",
    "write",
    "write_csv",
    "write_json",
    "write_pdf",
    "write_xlsx",
]
