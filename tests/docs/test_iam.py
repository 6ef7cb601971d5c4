"""The published policies give what a feature needs, and no more."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "iam.md"
JSON_BLOCK = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
READS_SECRETS = {"secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"}


def _policies() -> list[dict[str, Any]]:
    return [json.loads(block) for block in JSON_BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def _statements() -> Iterator[dict[str, Any]]:
    return (statement for policy in _policies() for statement in policy["Statement"])


def _actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def test_policies_are_published_in_the_language_of_iam() -> None:
    assert _policies()
    assert {policy["Version"] for policy in _policies()} == {"2012-10-17"}
    assert {statement["Effect"] for statement in _statements()} == {"Allow"}


def test_no_action_is_a_wildcard() -> None:
    assert [action for statement in _statements() for action in _actions(statement) if "*" in action] == []


def test_secret_values_are_never_asked_for() -> None:
    assert [a for statement in _statements() for a in _actions(statement) if a in READS_SECRETS] == []


def test_roles_are_passed_to_the_service_they_are_for() -> None:
    passing = [statement for statement in _statements() if "iam:PassRole" in _actions(statement)]
    assert passing
    assert all("iam:PassedToService" in json.dumps(statement["Condition"]) for statement in passing)
