"""CodeDeploy's JSON as values of the model; unknown members are left out, unknown words pass as they are."""

from __future__ import annotations

from ecsdeploy.aws.reading import Record, flag, moment, number, record, records, text, texts
from ecsdeploy.model.codedeploy import CodeDeployment, LifecycleEvent, Target, TaskSet


def deployment(source: Record) -> CodeDeployment:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html"""
    error, revision = record(source, "errorInformation"), record(source, "revision")
    rollback = record(source, "rollbackInfo")
    setting = record(source, "autoRollbackConfiguration")
    return CodeDeployment(
        id=text(source, "deploymentId"),
        status=text(source, "status"),
        application=text(source, "applicationName"),
        group=text(source, "deploymentGroupName"),
        creator=text(source, "creator"),
        error_code=text(error, "code"),
        error_message=text(error, "message"),
        appspec_hash=text(record(revision, "appSpecContent"), "sha256"),
        rollback_id=text(rollback, "rollbackDeploymentId"),
        rolls_back=text(rollback, "rollbackTriggeringDeploymentId"),
        rolls_back_on=frozenset(texts(setting, "events") if flag(setting, "enabled") else ()),
        awaits_termination=flag(source, "instanceTerminationWaitTimeStarted"),
        created_at=moment(source, "createTime"),
        ended_at=moment(source, "completeTime"),
    )


def target(source: Record) -> Target:
    """https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTarget.html"""
    return Target(
        events=tuple(_event(each) for each in records(source, "lifecycleEvents")),
        task_sets=tuple(_task_set(each) for each in records(source, "taskSetsInfo")),
    )


def _event(source: Record) -> LifecycleEvent:
    return LifecycleEvent(
        name=text(source, "lifecycleEventName"),
        status=text(source, "status"),
        message=text(record(source, "diagnostics"), "message"),
    )


def _task_set(source: Record) -> TaskSet:
    """The member `identifer` is misspelt in AWS's own model."""
    weight = source.get("trafficWeight")
    return TaskSet(
        id=text(source, "identifer"),
        label=text(source, "taskSetLabel"),
        desired=number(source, "desiredCount"),
        pending=number(source, "pendingCount"),
        running=number(source, "runningCount"),
        weight=float(weight) if isinstance(weight, (int, float)) else 0,
    )
