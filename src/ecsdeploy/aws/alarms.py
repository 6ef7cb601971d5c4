"""The state of CloudWatch alarms."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.aws.reading import Record, moment, records, text
from ecsdeploy.aws.session import Session
from ecsdeploy.model.surroundings import AlarmState

_KINDS = ("MetricAlarms", "CompositeAlarms")
_MOST = 100


def states(session: Session, names: Sequence[str]) -> tuple[AlarmState, ...]:
    """The alarms of these names that there are; without their kinds, composite ones would be left out.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    """
    asked = {"AlarmNames": [*names[:_MOST]], "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    reply = session.call("cloudwatch", "DescribeAlarms", asked, subject="the alarms of the deployment")
    return tuple(_state(each) for kind in _KINDS for each in records(reply, kind))


def _state(source: Record) -> AlarmState:
    return AlarmState(
        name=text(source, "AlarmName"),
        state=text(source, "StateValue"),
        reason=text(source, "StateReason"),
        since=moment(source, "StateUpdatedTimestamp"),
    )
