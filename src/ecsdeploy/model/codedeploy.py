"""CodeDeploy's deployments of an ECS service, as its replies show them; any status is possible.

Shapes: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html, API_ECSTarget.html and
API_DeploymentGroupInfo.html.
"""

from __future__ import annotations

from datetime import datetime

from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.service import Service
from ecsdeploy.model.settings import CapacityShare
from ecsdeploy.model.values import value

CONTROLLER = "CODE_DEPLOY"
ENDED = frozenset({"Succeeded", "Failed", "Stopped"})
"""https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html"""


@value(frozen=True, slots=True, kw_only=True)
class Route:
    """How CodeDeploy brings a new version to a service: its deployment group, and what an AppSpec needs besides.

    `newest` and `newest_good` are ids of the group's deployments. `appspec` is the text that the last good one was made
    with, or the one that the user gave.
    """

    application: str
    group: str
    container: str = ""
    port: int = 0
    platform_version: str = ""
    capacity: tuple[CapacityShare, ...] = ()
    """The service's capacity provider strategy; CodeDeploy removes it from the service unless the AppSpec names it."""
    newest: str = ""
    newest_status: str = ""
    newest_at: datetime | None = None
    newest_good: str = ""
    wait_seconds: float = 0
    """How long the old version is kept once the new one has all of the traffic; the deployment goes on until then."""
    keeps_old: bool = False
    """Nobody ends the tasks of the old version."""
    ready_seconds: float = 0
    """How long traffic waits for somebody to reroute it, before CodeDeploy stops the deployment; 0 if it does not."""
    shift: str = ""
    """The group's own deployment configuration: how traffic is shifted."""
    rolls_back_on: tuple[str, ...] = ()
    """The events after which CodeDeploy rolls back by itself."""
    alarms: tuple[str, ...] = ()
    """The names of the alarms that stop a deployment."""
    appspec: str = ""
    configuration: str = ""
    """How traffic is shifted; the group's own where it is empty."""
    description: str = ""

    def __str__(self) -> str:
        return f"{self.application}/{self.group}"

    @property
    def busy_with(self) -> str:
        """The id of the deployment that is under way: a group has one at a time."""
        return self.newest if self.newest and self.newest_status not in ENDED else ""


@value(frozen=True, slots=True, kw_only=True)
class LifecycleEvent:
    """One step of a deployment; `message` says why it failed."""

    name: str
    status: str
    message: str = ""


@value(frozen=True, slots=True, kw_only=True)
class TaskSet:
    """One side of a deployment; `label` is `Blue` for what was there before and `Green` for ours."""

    id: str
    label: str
    desired: int = 0
    pending: int = 0
    running: int = 0
    weight: float = 0
    """Per cent of the production traffic."""


@value(frozen=True, slots=True, kw_only=True)
class EcsTarget:
    """The one target of a deployment, an ECS service: the steps so far, in their order, and the two sides."""

    events: tuple[LifecycleEvent, ...] = ()
    task_sets: tuple[TaskSet, ...] = ()

    def side(self, label: str) -> TaskSet | None:
        return next((each for each in self.task_sets if each.label == label), None)

    def event(self, name: str) -> LifecycleEvent | None:
        return next((each for each in self.events if each.name == name), None)


@value(frozen=True, slots=True, kw_only=True)
class CodeDeployment:
    """One deployment. `appspec_hash` is the SHA-256 of its AppSpec: GetDeployment says no more about that."""

    id: str
    status: str
    application: str = ""
    group: str = ""
    creator: str = ""
    error_code: str = ""
    error_message: str = ""
    appspec_hash: str = ""
    rollback_id: str = ""
    """The deployment that rolls this one back."""
    rolls_back: str = ""
    """The deployment that this one rolls back."""
    rolls_back_on: frozenset[str] = frozenset()
    """The events after which CodeDeploy rolls it back by itself."""
    awaits_termination: bool = False
    """All traffic goes to the new version; the old one is kept for the group's wait time."""
    created_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@value(frozen=True, slots=True, kw_only=True)
class CodeDeploySnapshot:
    """All the reads of one poll: our deployment, and of the other members those that could tell more at that moment."""

    deployment: CodeDeployment
    rollback: CodeDeployment | None = None
    target: EcsTarget | None = None
    service: Service | None = None
    judgement: Judgement | None = None
    stopped_by_us: bool = False
    """We have asked CodeDeploy to stop it and roll it back."""
