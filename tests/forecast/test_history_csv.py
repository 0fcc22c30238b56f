from __future__ import annotations

import re

import pytest

from forecast.history import History
from forecast.history_csv import MAX_BYTES, faults_error

ROWS = b"date,value\n2022-01,1\n2022-02,2\n"

HOSTILE = {
    "empty": (b"", ":1: the file is empty", "date,value"),
    "header only": (b"date,value\n", "0 points", "at least 2"),
    "ragged": (ROWS + b"2022-03,3,4\n", ":4: 3 columns", "2 .date,value"),
    "too short": (ROWS + b"2022-03\n", ":4: 1 columns", "2 .date,value"),
    "semicolons": (b"date;value\n2022-01;1\n", ":1: header 'date;value'", "not ';'"),
    "repeated header": (b"date,date\n2022-01,1\n", ":1: header 'date,date'", "date,value"),
    "extra column": (b"date,value,note\n2022-01,1,x\n", ":1: header", "date,value"),
    "web page": (b"<!DOCTYPE html>\n<html></html>\n", ":1: header", "looks like a web page"),
    "thousands": (b'date,value\n2022-01,"1,000"\n2022-02,2\n', ":2: value '1,000'", "digits"),
    "split thousands": (b"date,value\n2022-01,1,000\n2022-02,2\n", ":2: 3 columns", "thousands"),
    "underscore": (b"date,value\n2022-01,1_000\n2022-02,2\n", ":2: value '1_000'", "digits"),
    "arabic digits": ("date,value\n2022-01,١٢\n2022-02,2\n".encode(), ":2: value", "digits"),
    "formula": (b"date,value\n2022-01,=1+1\n2022-02,2\n", ":2: value '=1.1'", "digits"),
    "infinite": (b"date,value\n2022-01,inf\n2022-02,2\n", ":2: value 'inf'", "above 0"),
    "overflow": (b"date,value\n2022-01,1e999\n2022-02,2\n", ":2: value inf", "finite"),
    "not a number": (b"date,value\n2022-01,NaN\n2022-02,2\n", ":2: value 'NaN'", "above 0"),
    "missing": (b"date,value\n2022-01,\n2022-02,2\n", ":2: value ''", "digits"),
    "negative": (b"date,value\n2022-01,-5\n2022-02,2\n", ":2: value -5", "above 0"),
    "no date": (b"date,value\n01/02/2022,5\n2022-02,2\n", ":2: date '01/02/2022'", "YYYY-MM"),
    "month 13": (b"date,value\n2022-13,5\n2022-02,2\n", ":2: date '2022-13'", "YYYY-MM"),
    "30 February": (b"date,value\n2022-02-30,5\n2022-03,2\n", ":2: date", "YYYY-MM"),
    "time zone": (
        b"date,value\n2024-03-31T02:30+01:00,5\n2024-04,2\n",
        ":2: date '2024-03-31T02:30",
        "YYYY-MM",
    ),
    "far future": (b"date,value\n9999-01,5\n9999-02,2\n", ":2: date 9999-01-01", "1990 to 2100"),
    "unsorted": (b"date,value\n2022-02,5\n2022-01,2\n", ":3: month 2022-01 comes", "ascending"),
    "repeated": (b"date,value\n2022-02-01,5\n2022-02-02,6\n", ":3: month 2022-02", "one value"),
    "gap": (b"date,value\n2022-01,5\n2022-02,6\n2022-05,7\n", ":4: 3 months after", "even steps"),
    "UTF-16": ("date,value\n2022-01,1\n".encode("utf-16"), ":1: UTF-16", "UTF-8"),
    "NUL": (ROWS + b"2022-03,\x003\n", ":4: holds a NUL", "UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n\xff\xfe\xfa", ":1: not UTF-8", "UTF-8"),
    "Latin-1": (ROWS + b"2022-03,\xe9\n", ":4: not UTF-8", "UTF-8"),
    "too many rows": (b"date,value\n" + b"2022-01,1\n" * 2_000, ":1334: more than", "one row a"),
    "blank lines": (b"date,value\n" + b"\n" * 3_000_000, "more than 1332 rows", "1990 to 2100"),
    "wide": (b"," * 1_000_000 + b"\n", ":1: header ',,,", "date,value"),
    "long cell": (b"date,value\n" + b"1" * 200_000 + b",1\n", ":2: field larger", "date,value"),
    "quotes": (b'date,value\n"2022-01\n02",1\n2022-02,2\n', ":3: date", "YYYY-MM"),
}


@pytest.mark.parametrize(("content", "said", "allowed"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_with_file_line_fault_and_what_is_allowed(
    tmp_path, content, said, allowed
):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=said.replace("+", r"\+")) as caught:
        History.from_csv(path)
    assert "own.csv" in str(caught.value)
    assert "allowed" in str(caught.value)
    assert re.search(allowed, str(caught.value))


def test_all_faults_of_a_file_are_named_at_once(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("date,value\nx,1\n2022-02,y\n2022-03,-1\n2022-04,4\n")
    with pytest.raises(ValueError, match=r"(?s)3 faults.*:2: date.*:3: value.*:4: value -1"):
        History.from_csv(path)


@pytest.mark.parametrize("address", ["https://example.org/users.csv", "file:///etc/passwd"])
def test_an_address_is_not_read(address):
    with pytest.raises(ValueError, match="an address is not read"):
        History.from_csv(address)


def test_a_folder_or_device_is_no_history(tmp_path):
    for path in (tmp_path, tmp_path / "missing.csv", "/dev/null"):
        with pytest.raises(ValueError, match="no such regular file"):
            History.from_csv(path)


def test_a_file_above_the_limit_is_not_read(tmp_path):
    path = tmp_path / "own.csv"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ValueError, match="allowed: 10000000 bytes"):
        History.from_csv(path)


def test_a_long_list_of_faults_is_cut_and_counted():
    message = str(faults_error("own", [f"fault {k}" for k in range(50)]))
    assert message.startswith("own: 50 faults")
    assert message.endswith("and 30 more")
