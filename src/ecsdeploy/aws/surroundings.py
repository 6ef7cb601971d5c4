"""What stands around ECS, as the engine asks for it: `engine.ports.Surroundings`.

The module for a service of AWS is loaded by the first question to it: most releases ask few of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.surroundings import AlarmState, Repository, ScalingLimits, StoredImage, TargetGroup


class AwsSurroundings:
    """The neighbours through one session; what each method promises stands in `engine.ports`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def images(self, where: Repository, identifiers: Sequence[str]) -> Mapping[str, StoredImage | None]:
        from ecsdeploy.aws import ecr

        return ecr.images(self._session, where, identifiers)

    def role_exists(self, name: str) -> bool:
        from ecsdeploy.aws import iam

        return iam.role_exists(self._session, name)

    def secret_exists(self, name: str, *, region: str) -> bool:
        from ecsdeploy.aws import secrets

        return secrets.secret_exists(self._session, name, region=region)

    def parameters_that_exist(self, names: Sequence[str], *, region: str) -> frozenset[str]:
        from ecsdeploy.aws import secrets

        return secrets.parameters_that_exist(self._session, names, region=region)

    def log_group_exists(self, name: str, *, region: str) -> bool:
        from ecsdeploy.aws import loggroups

        return loggroups.log_group_exists(self._session, name, region=region)

    def target_groups(self, arns: Sequence[str]) -> Mapping[str, TargetGroup | None]:
        from ecsdeploy.aws import elbv2

        return elbv2.target_groups(self._session, arns)

    def drain_seconds(self, target_group: str) -> float:
        from ecsdeploy.aws import elbv2

        return elbv2.drain_seconds(self._session, target_group)

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        from ecsdeploy.aws import autoscaling

        return autoscaling.limits(self._session, ref)

    def alarms(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        from ecsdeploy.aws import alarms

        return alarms.states(self._session, names)

    def credentials_expire_at(self) -> datetime | None:
        return self._session.credentials_expire_at
