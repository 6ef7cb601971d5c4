"""What is left of a task definition file, as AWS's own Action registers it."""

from __future__ import annotations

import pytest

from action.definition import cleaned, read
from ecsdeploy.errors import UsageError


@pytest.mark.parametrize(
    ("value", "left"),
    [
        pytest.param({"a": None, "b": "", "c": [], "d": {}, "e": [{}, [None]]}, {}, id="what is empty"),
        pytest.param({"a": 0, "b": False, "c": " "}, {"a": 0, "b": False, "c": " "}, id="what is not"),
        pytest.param({"a": ["", "x", {"b": ""}]}, {"a": ["x"]}, id="in a list"),
        pytest.param({"a": {"b": {"c": ""}, "d": 1}}, {"a": {"d": 1}}, id="in an object"),
        pytest.param(
            {"containerDefinitions": [{"environment": [{"name": "A", "value": ""}, {"name": "", "value": ""}]}]},
            {"containerDefinitions": [{"environment": [{"name": "A", "value": ""}]}]},
            id="variables",
        ),
        pytest.param(
            {"proxyConfiguration": {"type": "APPMESH", "properties": [{"name": "P", "value": ""}, {"value": "1"}]}},
            {
                "proxyConfiguration": {
                    "type": "APPMESH",
                    "properties": [{"name": "P", "value": ""}, {"name": "", "value": "1"}],
                }
            },
            id="a proxy",
        ),
    ],
)
def test_what_is_empty_is_left_out(value: dict[str, object], left: dict[str, object]) -> None:
    assert cleaned(value) == left


def test_keys_that_are_kept_stay_empty_and_what_is_around_them_too() -> None:
    options = {"options": {"tag": "", "other": ""}, "x": {"tag": None}}
    assert cleaned(options, ["tag"]) == {"options": {"tag": ""}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("true", True),
        ("010", 10),
        ("0x1F", 31),
        ("-3", -3),
        ("1.5", 1.5),
        ("2026-01-01", "2026-01-01"),
        ("~", None),
        ("", None),
        ("1:30", "1:30"),
        ('"1"', "1"),
    ],
)
def test_yaml_is_read_as_version_1_2_has_it(text: str, value: object) -> None:
    assert read(f"a: {text}\n", "d.yaml") == {"a": value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "is neither JSON nor YAML: line 1."),
        ("a: !!python/object:os.system x", "is neither JSON nor YAML"),
        ("- a", "holds no object"),
        ("", "holds no object"),
        ("[" * 200_000, "is neither JSON nor YAML"),
        ('{"a":' * 300 + "1" + "}" * 300, "holds what JSON does not have, or is nested too deep"),
        ("a: &a\n  b: *a\n", "holds what JSON does not have"),
        ("? [a, b]\n: c\n", "holds what JSON does not have"),
        ("a: !!binary aGVsbG8=\n", "holds what JSON does not have"),
        ("a: !!set {b, c}\n", "holds what JSON does not have"),
        ("\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))]), "holds"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=rf"The task definition file `d\.yaml` {said}"):
        read(text, "d.yaml")
