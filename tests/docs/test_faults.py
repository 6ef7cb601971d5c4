"""The page of faults is complete: each has its tests, and each test that names a fault is listed."""

from tools.faults import FAULTS, named_tests

ROWS = [row for rows in FAULTS.values() for row in rows]


HOW_MANY = {"F": 70, "T": 20, "S": 4, "D": 8, "N": 7, "P": 13, "M": 12, "W": 14, "X": 2}
"""Faults, and what others' worlds found, by kind."""


def test_every_fault_has_one_row() -> None:
    expected = [f"{kind}{number:02}" for kind, last in HOW_MANY.items() for number in range(1, last + 1)]
    assert [row[0] for row in ROWS] == expected


def test_every_fault_has_a_test_that_names_it() -> None:
    assert {row[0] for row in ROWS} - named_tests().keys() == set()


def test_every_test_names_a_fault_that_exists() -> None:
    assert named_tests().keys() - {row[0] for row in ROWS} == set()


def test_a_test_of_several_faults_is_found_under_each() -> None:
    name = "tests/contract/aws/test_faults.py::test_f01_f10_a_failed_read_is_one_request_and_the_next_one_works"
    assert name in named_tests()["F01"]
    assert name in named_tests()["F10"]
