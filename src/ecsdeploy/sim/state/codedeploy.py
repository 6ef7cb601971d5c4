"""CodeDeploy in one account: its applications, deployment groups, configurations and deployments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ecsdeploy.sim.ground.clock import Timer

if TYPE_CHECKING:
    from ecsdeploy.sim.state.definitions import Definition
    from ecsdeploy.sim.state.service import Deployment, Service

Json = dict[str, Any]
DEFAULT_CONFIG = "CodeDeployDefault.ECSAllAtOnce"
ENDED = ("Succeeded", "Failed", "Stopped")
# https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
EVENTS = (
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
)


@dataclass(slots=True)
class Application:
    name: str
    id: str
    created_at: float
    groups: dict[str, DeploymentGroup] = field(default_factory=dict)


@dataclass(slots=True)
class DeploymentGroup:
    """A deployment group for one ECS service. `asked` holds the members of its request, under AWS's names."""

    name: str
    id: str
    application: str
    cluster: str
    service: str
    asked: Json

    @property
    def config(self) -> str:
        return str(self.asked.get("deploymentConfigName") or DEFAULT_CONFIG)

    @property
    def target_groups(self) -> list[str]:
        """The names of the two target groups that the blue and the green task set use in turn."""
        pairs = (self.asked.get("loadBalancerInfo") or {}).get("targetGroupPairInfoList") or []
        return [group["name"] for pair in pairs for group in pair.get("targetGroups") or []]

    @property
    def tests(self) -> bool:
        """Whether the group has a test listener."""
        pairs = (self.asked.get("loadBalancerInfo") or {}).get("targetGroupPairInfoList") or []
        return any(pair.get("testTrafficRoute") for pair in pairs)

    @property
    def ready_minutes(self) -> int:
        """How many minutes production traffic waits for ContinueDeployment. 0 means that it does not wait."""
        option = self._option("deploymentReadyOption")
        return int(option.get("waitTimeInMinutes", 0)) if option.get("actionOnTimeout") == "STOP_DEPLOYMENT" else 0

    @property
    def termination_minutes(self) -> int | None:
        """How many minutes the blue tasks run on after all traffic has moved. None means that nobody ends them."""
        option = self._option("terminateBlueInstancesOnDeploymentSuccess")
        return None if option.get("action") == "KEEP_ALIVE" else int(option.get("terminationWaitTimeInMinutes", 0))

    def _option(self, name: str) -> Json:
        return dict((self.asked.get("blueGreenDeploymentConfiguration") or {}).get(name) or {})

    @property
    def rollback_events(self) -> list[str]:
        """Which of these make CodeDeploy roll back: DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM,
        DEPLOYMENT_STOP_ON_REQUEST.
        """
        setting = self.asked.get("autoRollbackConfiguration") or {}
        return list(setting.get("events") or []) if setting.get("enabled") else []

    @property
    def listener(self) -> str | None:
        """The ARN of the production listener, or of its rule. None if the group has no load balancer."""
        pairs = (self.asked.get("loadBalancerInfo") or {}).get("targetGroupPairInfoList") or []
        routes = [(pair.get("prodTrafficRoute") or {}).get("listenerArns") or [] for pair in pairs]
        return next((arn for route in routes for arn in route), None)

    @property
    def alarms(self) -> list[str]:
        setting = self.asked.get("alarmConfiguration") or {}
        return [alarm["name"] for alarm in setting.get("alarms") or []] if setting.get("enabled") else []


@dataclass(slots=True)
class LifecycleEvent:
    """One lifecycle event of a deployment. A deployment to ECS has one target, so each event occurs once."""

    name: str
    status: str = "Pending"
    started_at: float | None = None
    ended_at: float | None = None
    message: str = ""


@dataclass(slots=True)
class CodeDeployment:
    """A deployment of CodeDeploy. `weight` is the per cent of production traffic that the green task set gets.

    `waits_for` is the kind of wait that it is in, READY_WAIT or TERMINATION_WAIT. `on_continue` is what follows the
    wait.
    """

    id: str
    group: DeploymentGroup
    service: Service
    definition: Definition
    revision: Json
    config: str
    created_at: float
    spec: Json
    blue: Deployment
    green: Deployment | None = None
    status: str = "Created"
    creator: str = "user"
    description: str | None = None
    started_at: float | None = None
    ended_at: float | None = None
    touched_at: float = 0.0
    events: list[LifecycleEvent] = field(default_factory=lambda: [LifecycleEvent(name) for name in EVENTS])
    weight: float = 0.0
    error: Json | None = None
    rollback: Json = field(default_factory=dict)
    rollback_events: list[str] = field(default_factory=list)
    terminating: bool = False
    waits_for: str | None = None
    on_continue: Callable[[], None] | None = None
    timers: list[Timer] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass(slots=True)
class Estate:
    """Everything that CodeDeploy has in one Region."""

    applications: dict[str, Application] = field(default_factory=dict)
    configs: dict[str, Json] = field(default_factory=dict)
    deployments: dict[str, CodeDeployment] = field(default_factory=dict)

    def running_of(self, service: Service) -> list[CodeDeployment]:
        """The deployments of a service that have not ended."""
        return [r for r in self.deployments.values() if r.service is service and not r.ended]

    def running(self, group: DeploymentGroup) -> CodeDeployment | None:
        """The deployment of a group that has not ended. CodeDeploy allows one at a time."""
        return next((r for r in self.deployments.values() if r.group is group and not r.ended), None)
