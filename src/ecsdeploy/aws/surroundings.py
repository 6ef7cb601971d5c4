"""What stands around ECS, as the engine asks for it: `engine.ports.Surroundings`.

A module for a service of AWS is loaded by the first question to it: most releases ask few of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ecsdeploy.aws.absence import unless_absent
from ecsdeploy.aws.reading import JsonObject, moment, objects, text
from ecsdeploy.aws.session import Session
from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.balancer import ListenerRoute
from ecsdeploy.model.surroundings import AlarmState, Repository, ScalingLimits, StoredImage, TargetGroup

_ALARM_KINDS = ("MetricAlarms", "CompositeAlarms")
_MOST_ALARMS = 100


class AwsSurroundings:
    """The neighbours through one session; what each method promises stands in `engine.ports`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def images(self, where: Repository, identifiers: Sequence[str]) -> Mapping[str, StoredImage | None]:
        from ecsdeploy.aws import ecr

        return ecr.images(self._session, where, identifiers)

    def role_exists(self, name: str) -> bool:
        """https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html"""
        asked, subject = {"RoleName": name}, f"role `{name}`"
        return unless_absent(lambda: self._session.query("iam", "GetRole", asked, subject=subject)) is not None

    def secret_exists(self, name: str, *, region: str) -> bool:
        from ecsdeploy.aws import secrets

        return secrets.secret_exists(self._session, name, region=region)

    def parameters_that_exist(self, names: Sequence[str], *, region: str) -> frozenset[str]:
        from ecsdeploy.aws import secrets

        return secrets.parameters_that_exist(self._session, names, region=region)

    def log_group_exists(self, name: str, *, region: str) -> bool:
        from ecsdeploy.aws import logs

        return logs.log_group_exists(self._session, name, region=region)

    def target_groups(self, arns: Sequence[str]) -> Mapping[str, TargetGroup | None]:
        from ecsdeploy.aws import elbv2

        return elbv2.target_groups(self._session, arns)

    def drain_seconds(self, target_group: str) -> float:
        from ecsdeploy.aws import elbv2

        return elbv2.drain_seconds(self._session, target_group)

    def test_route(self, rule: str) -> ListenerRoute:
        from ecsdeploy.aws import elbv2

        return elbv2.test_route(self._session, rule)

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        from ecsdeploy.aws import scaling

        return scaling.limits(self._session, ref)

    def alarms(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        return _alarm_states(self._session, names)

    def credentials_expire_at(self) -> datetime | None:
        return self._session.credentials_expire_at


def _alarm_states(session: Session, names: Sequence[str]) -> tuple[AlarmState, ...]:
    """The alarms with these names, as far as they exist. Without the types, AWS would leave out composite alarms.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    """
    asked = {"AlarmNames": [*names[:_MOST_ALARMS]], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    reply = session.call("cloudwatch", "DescribeAlarms", asked, subject="the alarms of the deployment")
    return tuple(_alarm_state(each) for kind in _ALARM_KINDS for each in objects(reply, kind))


def _alarm_state(source: JsonObject) -> AlarmState:
    return AlarmState(
        name=text(source, "AlarmName"),
        state=text(source, "StateValue"),
        reason=text(source, "StateReason"),
        since=moment(source, "StateUpdatedTimestamp"),
    )
