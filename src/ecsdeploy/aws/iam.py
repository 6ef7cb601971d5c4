"""Whether IAM has a role."""

from __future__ import annotations

from ecsdeploy.aws.absence import unless_absent
from ecsdeploy.aws.query import ask
from ecsdeploy.aws.session import Session


def role_exists(session: Session, name: str) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html"""
    asked = {"RoleName": name}
    return unless_absent(lambda: ask(session, "iam:GetRole", asked, subject=f"role `{name}`")) is not None
