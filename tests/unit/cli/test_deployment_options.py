"""The options about the deployment configuration become its members, and what ECS would refuse is one sentence."""

import pytest

from ecsdeploy.cli.words.deployment import deployment_members
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError

KEYS = {"strategy": "--strategy", "bake_time": "--bake-time", "circuit_breaker": "--circuit-breaker"}

NO_THRESHOLD = "`--circuit-breaker` has a threshold that is neither a number of failures nor a percentage up to 100:"


def members(**texts: str) -> dict[str, object]:
    names = KEYS | {"alarms": "--alarms"}
    return deployment_members(
        Given({key: (text,) for key, text in texts.items()}, {key: f"`{name}`" for key, name in names.items()})
    )


@pytest.mark.parametrize(
    ("option", "text", "member", "value"),
    [
        ("strategy", "CANARY", "strategy", "CANARY"),
        ("bake_time", "5m", "bakeTimeInMinutes", 5),
        ("bake_time", "24h", "bakeTimeInMinutes", 1440),
        ("bake_time", "120s", "bakeTimeInMinutes", 2),
        ("bake_time", "0", "bakeTimeInMinutes", 0),
        ("bake_time", "0m", "bakeTimeInMinutes", 0),
        ("circuit_breaker", "rollback", "deploymentCircuitBreaker", {"enable": True, "rollback": True}),
        ("circuit_breaker", "stop", "deploymentCircuitBreaker", {"enable": True, "rollback": False}),
        ("circuit_breaker", "off", "deploymentCircuitBreaker", {"enable": False, "rollback": False}),
        (
            "circuit_breaker",
            "stop:5",
            "deploymentCircuitBreaker",
            {"enable": True, "rollback": False, "thresholdConfiguration": {"type": "COUNT", "value": 5}},
        ),
        (
            "circuit_breaker",
            "rollback:100%",
            "deploymentCircuitBreaker",
            {"enable": True, "rollback": True, "thresholdConfiguration": {"type": "BOUNDED_PERCENT", "value": 100}},
        ),
        ("alarms", "web-5xx, slow,slow", "alarms", {"alarmNames": ["web-5xx", "slow"], "enable": True}),
        ("alarms", "none", "alarms", {"alarmNames": [], "enable": False, "rollback": False}),
    ],
)
def test_what_an_option_asks_for(option: str, text: str, member: str, value: object) -> None:
    assert members(**{option: text}) == {member: value}


def test_several_go_together_and_none_asks_for_nothing() -> None:
    assert members(strategy="BLUE_GREEN", bake_time="1m") == {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 1}
    assert members() == {}


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        (
            "strategy",
            "canary",
            "`--strategy` must be one of `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`, not `canary`.",
        ),
        ("bake_time", "10", "`--bake-time` must be whole minutes, 24 hours at most, not `10`."),
        ("bake_time", "90s", "`--bake-time` must be whole minutes, 24 hours at most, not `90s`."),
        ("bake_time", "25h", "`--bake-time` must be whole minutes, 24 hours at most, not `25h`."),
        ("bake_time", "long", "`--bake-time` must be a duration, not `long`."),
        ("circuit_breaker", "on", "`--circuit-breaker` must be `rollback`, `stop` or `off`: `on`."),
        *(
            (
                "circuit_breaker",
                text,
                f"{NO_THRESHOLD} `{text}`.",
            )
            for text in ("stop:", "stop:0", "stop:many", "stop:101%", "stop:5:5", "stop:-1", "stop:٣")
        ),
        ("alarms", "a,,b", "`--alarms` must be names with commas between them, or `none`, not `a,,b`."),
        ("alarms", "a,none", "`--alarms` must be names with commas between them, or `none`, not `a,none`."),
    ],
)
def test_what_is_no_value_is_one_sentence(option: str, text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        members(**{option: text})
    assert raised.value.message == said
    assert bool(raised.value.hint) is (option != "strategy")
