"""The policy of a command gives no action without a need: some run makes each call, or a reason stands here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.cli.policies import NEEDS
from tests.cli.test_iam_command import WORLDS, calls_in, granted

CALLS_NOBODY = frozenset({"replay", "demo", "sim", "mcp", "explain", "config", "iam", "schema", "completion", "report"})
"""Commands without a policy: they call nobody, or the tools of an agent are the other commands."""
MORE_WORLDS: Mapping[str, Sequence[str]] = {
    "deploy": ("lost-register-reply", "lost-update-reply", "protected-tasks"),
    "apply": ("lost-register-reply", "lost-update-reply", "protected-tasks"),
    "watch": ("secret-denied", "protected-tasks", "init-error"),
    "continue": ("blue-green-pause-continue",),
    "run": ("lost-register-reply",),
    "status": ("alarm-rollback",),
    "doctor": ("alarm-rollback",),
}
NO_CALL = {
    "iam:PassRole": "ECS looks for this right when it is given a role",
    "ecs:TagResource": "ECS looks for this right when it is given tags",
    **dict.fromkeys(
        ("scheduler:ListSchedules", "scheduler:GetSchedule", "scheduler:UpdateSchedule"),
        "a call to the Scheduler has a path in place of the name of its operation",
    ),
}
_BY_WHAT_IS_NAMED = "only a definition that names such a thing is asked about: test_preflight.py and test_iam.py"
CHECKED = dict.fromkeys(
    (
        *("ecr:BatchGetImage", "ecr:DescribePullThroughCacheRules", "secretsmanager:DescribeSecret"),
        *("ssm:DescribeParameters", "application-autoscaling:DescribeScalableTargets"),
    ),
    _BY_WHAT_IS_NAMED,
)
_IN_TEST_IAM = "tests/docs/test_iam.py has the world in which it is asked"
_AT_A_PAUSE = "asked at a pause alone: `continue` shows it"
_OF_WATCH = "follows what happens after that as `watch` does, which shows it"
_OF_DEPLOY = "follows what happens after that as `deploy` does, which shows it"
ELSEWHERE: Mapping[str, Mapping[str, str]] = {
    "deploy": {
        "ecs:ContinueServiceDeployment": _AT_A_PAUSE,
        "ecs:ListTagsForResource": "ECS looks for this right when the tags of a revision are read",
    },
    "apply": {
        "cloudwatch:DescribeAlarms": "asked for a wave with alarms: tests/cli/test_apply.py",
        "ecs:ContinueServiceDeployment": _AT_A_PAUSE,
        "ecs:ListTagsForResource": "ECS looks for this right when the tags of a revision are read",
    },
    "plan": {"ecs:ListTagsForResource": "ECS looks for this right when the tags of a revision are read"},
    "rehearse": {"ecs:ListTagsForResource": "ECS looks for this right when the tags of a revision are read"},
    "rollback": {
        "ecs:ContinueServiceDeployment": _AT_A_PAUSE,
        **dict.fromkeys(("ecs:GetTaskProtection", "elasticloadbalancing:DescribeTargetHealth"), _OF_DEPLOY),
    },
    "stop": {
        "ecs:ContinueServiceDeployment": _AT_A_PAUSE,
        **dict.fromkeys(
            (
                *("ecs:GetTaskProtection", "elasticloadbalancing:DescribeTargetHealth"),
                *("iam:GetRole", "logs:DescribeLogGroups"),
            ),
            _OF_WATCH,
        ),
    },
    "continue": dict.fromkeys(
        (
            *("ecs:DescribeServiceRevisions", "ecs:DescribeTasks", "ecs:GetTaskProtection", "ecs:ListTasks"),
            *("ecs:StopServiceDeployment", "elasticloadbalancing:DescribeTargetHealth", "iam:GetRole"),
            *("logs:DescribeLogGroups", "logs:GetLogEvents"),
        ),
        _OF_WATCH,
    ),
    "doctor": dict.fromkeys(
        (
            *("logs:DescribeDeliveries", "logs:FilterLogEvents", "logs:GetDeliveryDestination"),
            *("elasticloadbalancing:DescribeTargetGroupAttributes", "iam:GetRole", "logs:DescribeLogGroups"),
        ),
        _IN_TEST_IAM,
    ),
    "exec": dict.fromkeys(("ecs:ExecuteCommand", "ssm:StartSession"), _IN_TEST_IAM),
    "history": {"ecs:ListTaskDefinitions": _IN_TEST_IAM},
    "prune": {"events:ListTargetsByRule": "asked of a cluster with rules alone: tests/cli/test_prune_command.py"},
    "run": dict.fromkeys(("ecs:DescribeClusters", "ecs:ListTaskDefinitionFamilies", "ecs:StopTask"), _IN_TEST_IAM),
    "scale": dict.fromkeys(
        ("application-autoscaling:RegisterScalableTarget", "ecs:DescribeTasks", "ecs:ListTasks"), _IN_TEST_IAM
    ),
    "schedules": dict.fromkeys(("events:ListTargetsByRule", "events:PutTargets"), _IN_TEST_IAM),
}
"""What no run of this file asks, by command, with the reason. A reason that is needed no more must go."""


@pytest.mark.parametrize("command", sorted(NEEDS.keys() & COMMANDS.keys() - {"create"}))
def test_a_command_calls_what_its_policy_says_and_its_policy_gives_no_more(command: str) -> None:
    made = calls_in(command, (*WORLDS, *MORE_WORLDS.get(command, ())))
    unused = granted(command) - made - NO_CALL.keys() - CHECKED.keys()
    assert (made - granted(command), unused) == (set(), {*ELSEWHERE.get(command, {})})


def test_every_command_is_held_to_a_policy_or_calls_nobody() -> None:
    assert COMMANDS.keys() - NEEDS.keys() - CALLS_NOBODY == set()
