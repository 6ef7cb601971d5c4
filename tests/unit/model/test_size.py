"""A task's size as ECS keeps it."""

import pytest

from ecsdeploy.model.taskdef import as_kept, units


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (256, 256),
        ("256", 256),
        (" 256 ", 256),
        ("1 vCPU", 1024),
        ("1vcpu", 1024),
        (".25 vCPU", 256),
        ("0.5 GB", 512),
        ("30 gb", 30720),
        ("0.3 vCPU", 307),
        ("0.31 vCPU", 317),
        ("1 MB", None),
        ("vCPU", None),
        ("", None),
        ("-1", None),
        ("1 vCPU each", None),
        (None, None),
    ],
)
def test_a_size_as_a_number(value: object, number: int | None) -> None:
    assert units(value) == number


@pytest.mark.parametrize(
    ("member", "value", "kept"),
    [
        ("cpu", "1 vCPU", "1024"),
        ("memory", ".5 GB", "512"),
        ("cpu", 256, "256"),
        ("cpu", "lots", "lots"),
        ("memory", "0", "0"),
        ("family", "1 vCPU", "1 vCPU"),
        ("networkMode", "1024", "1024"),
        ("ephemeralStorage", 21, 21),
    ],
)
def test_only_a_task_s_cpu_and_memory_are_rewritten(member: str, value: object, kept: object) -> None:
    assert as_kept(member, value) == kept
