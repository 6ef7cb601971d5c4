"""When two pieces of a definition's JSON say the same, and how they differ where they do not."""

import pytest

from ecsdeploy.model.difference import How, alike, by_name, covers, how

PORT, OTHER_PORT = {"containerPort": 80}, {"containerPort": 81}
COVERED: dict[str, tuple[object, object, bool]] = {
    "the same text": ("a", "a", True),
    "another text": ("a", "b", False),
    "a number as a text": ("1024", 1024, True),
    "a text as a number": (1024, "1024", True),
    "another number": (1024, "2048", False),
    "nothing stored, nothing sent": (None, None, True),
    "nothing stored, an empty list sent": (None, [], True),
    "nothing stored, zero sent": (None, 0, True),
    "nothing stored, a text sent": (None, "a", False),
    "a default besides": ({"a": 1, "added": True}, {"a": 1}, True),
    "a member is missing": ({"a": 1}, {"a": 1, "b": 2}, False),
    "a member of nothing is missing": ({"a": 1}, {"a": 1, "b": []}, True),
    "a member differs": ({"a": 1, "b": 3}, {"a": 1, "b": 2}, False),
    "an object for a text": ("a", {"a": 1}, False),
    "a text for a list": ("ab", ["a", "b"], False),
    "a number for a list": (1, [1], False),
    "the same list": (["a", "b"], ["a", "b"], True),
    "a list of texts in another order": (["b", "a"], ["a", "b"], False),
    "a list that is longer": (["a", "b", "c"], ["a", "b"], False),
    "a list that is shorter": (["a"], ["a", "b"], False),
    "a list of numbers as texts": (["1"], [1], True),
    "objects in another order": ([OTHER_PORT, PORT], [PORT, OTHER_PORT], True),
    "objects with defaults in another order": ([OTHER_PORT | {"x": 1}, PORT], [PORT, OTHER_PORT], True),
    "one object twice for two": ([PORT, OTHER_PORT], [PORT, PORT], False),
    "another object": ([PORT], [OTHER_PORT], False),
    "the last of the objects differs": ([PORT, PORT, PORT], [PORT, PORT, OTHER_PORT], False),
    "objects and a text": ([PORT, "a"], [PORT, "a"], True),
    "objects and a text in another order": (["a", PORT], [PORT, "a"], False),
    "a list within an object": ({"a": {"b": [PORT]}}, {"a": {"b": [PORT]}}, True),
    "another list within an object": ({"a": {"b": [OTHER_PORT]}}, {"a": {"b": [PORT]}}, False),
}


@pytest.mark.parametrize(("stored", "sent", "covered"), COVERED.values(), ids=COVERED)
def test_what_was_sent_stands_in_what_is_stored(stored: object, sent: object, covered: bool) -> None:
    assert covers(stored, sent) is covered


def test_alike_is_what_says_the_same_both_ways() -> None:
    more = {"a": 1, "b": 2}
    assert [alike({"a": 1}, more), alike(more, {"a": 1}), alike(more, {"b": "2", "a": "1"})] == [False, False, True]


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("a", "b", How.CHANGED),
        ("", "b", How.ADDED),
        ("a", None, How.REMOVED),
        ("a", "a", None),
        ("1", 1, None),
        (None, [], None),
        ({}, "", None),
        ([], None, None),
    ],
)
def test_how_a_part_has_changed_and_what_is_empty_is_not_there(before: object, after: object, changed: How) -> None:
    assert how(before, after) is changed


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ([{"name": "A", "value": "1"}, {"name": "B"}], ["A", "B"]),
        ([{"name": 7}], ["7"]),
        ([{"value": "1"}, "A", None], []),
        (None, []),
        ({"name": "A"}, []),
        ("name", []),
    ],
)
def test_what_has_a_name_is_found_by_it(listed: object, names: list[str]) -> None:
    assert list(by_name(listed)) == names


def test_what_is_found_by_its_name_is_the_whole_object() -> None:
    assert by_name([{"name": "A", "value": "1"}]) == {"A": {"name": "A", "value": "1"}}
