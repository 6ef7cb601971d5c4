from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ecsdeploy.aws import reading
from ecsdeploy.errors import ReplyLost

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "default"),
    [
        (reading.text, ""),
        (reading.flag, False),
        (reading.number, 0),
        (reading.optional_number, None),
        (reading.moment, None),
        (reading.nested, {}),
        (reading.objects, ()),
        (reading.texts, ()),
    ],
)
@pytest.mark.parametrize("source", [{}, {"it": None}], ids=["absent", "null"])
def test_an_absent_member_is_its_default(
    read: Callable[[object, str], object], default: object, source: dict[str, object]
) -> None:
    assert read(source, "it") == default


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (reading.text, 1),
        (reading.flag, "yes"),
        (reading.number, "1"),
        (reading.number, True),
        (reading.optional_number, []),
        (reading.moment, "yesterday"),
        (reading.moment, {}),
        (reading.moment, 1e300),
        (reading.nested, []),
        (reading.objects, {}),
        (reading.objects, ["text"]),
        (reading.objects, [None]),
        (reading.texts, [1]),
    ],
)
def test_f12_a_member_of_the_wrong_kind_makes_the_reply_a_lost_one(
    read: Callable[[object, str], object], value: object
) -> None:
    with pytest.raises(ReplyLost, match="`it`"):
        read({"it": value}, "it")


def test_the_error_for_a_wrong_member_does_not_show_its_value() -> None:
    with pytest.raises(ReplyLost) as caught:
        reading.number({"it": "s3cret"}, "it")
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize(
    "value",
    [NOON.timestamp(), "2026-01-01T12:00:00Z", "2026-01-01T13:00:00+01:00", "2026-01-01T12:00:00"],
)
def test_a_time_in_any_notation_is_aware_utc(value: object) -> None:
    assert reading.moment({"at": value}, "at") == NOON
    assert reading.moment({"at": value}, "at").tzinfo is UTC  # type: ignore[union-attr]


def test_a_number_may_be_written_with_a_fraction() -> None:
    assert reading.number({"desiredCount": 4.0}, "desiredCount") == 4
