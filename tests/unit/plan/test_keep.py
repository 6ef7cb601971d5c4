"""Pruning keeps the newest revisions and all that is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecsdeploy.plan.revisions import sort_out

NEWEST_FIRST = ("web:5", "web:4", "web:3", "web:2", "web:1")


@pytest.mark.parametrize(
    ("keep", "needed", "expected"),
    [
        pytest.param(3, {}, (("web:1", ""), ("web:2", "")), id="the oldest go first"),
        pytest.param(3, {"web:1": "web"}, (("web:1", "web"), ("web:2", "")), id="what is needed is spared"),
        pytest.param(4, {"web:5": "web"}, (("web:1", ""),), id="what is kept anyway needs no sparing"),
        pytest.param(5, {}, (), id="as many as there are"),
        pytest.param(9, {}, (), id="more than there are"),
        pytest.param(0, {}, (), id="zero prunes nothing"),
        pytest.param(-1, {}, (), id="a negative number prunes nothing"),
    ],
)
def test_what_goes(keep: int, needed: dict[str, str], expected: tuple[tuple[str, str], ...]) -> None:
    assert sort_out(NEWEST_FIRST, keep, needed) == expected


revisions = st.lists(st.integers(1, 99).map("web:{}".format), unique=True, max_size=12)
users = st.dictionaries(st.integers(1, 99).map("web:{}".format), st.sampled_from(["web", "a task"]), max_size=9)


def gone(newest_first: list[str], keep: int, needed: dict[str, str]) -> set[str]:
    return {revision for revision, by in sort_out(newest_first, keep, needed) if not by}


@given(revisions, st.integers(-2, 14), users)
def test_f69_neither_the_newest_nor_what_is_needed_ever_goes(
    newest_first: list[str], keep: int, needed: dict[str, str]
) -> None:
    going = gone(newest_first, keep, needed)
    assert not going & set(newest_first[: max(keep, 0)])
    assert not going & set(needed)


@given(revisions, st.integers(-2, 14), users, users)
def test_f69_more_needed_never_protects_less(
    newest_first: list[str], keep: int, needed: dict[str, str], more: dict[str, str]
) -> None:
    assert gone(newest_first, keep, needed | more) <= gone(newest_first, keep, needed)


@given(revisions, st.integers(1, 14), users)
def test_keeping_more_never_protects_less(newest_first: list[str], keep: int, needed: dict[str, str]) -> None:
    assert gone(newest_first, keep + 1, needed) <= gone(newest_first, keep, needed)
