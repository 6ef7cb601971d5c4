"""The protocols by which the engine asks what stands around ECS, and by which CodeDeploy deploys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.surroundings import AlarmState, Repository, ScalingLimits, StoredImage, TargetGroup

if TYPE_CHECKING:
    from ecsdeploy.model.balancer import ListenerRoute
    from ecsdeploy.model.codedeploy import CodeDeployment, EcsTarget, Route


class Surroundings(Protocol):
    """The reads of what stands around ECS. Each is optional: after an error, the answer is unknown.

    If something does not exist, that is an answer and no error. None of them reads the value of a secret. Errors: as of
    `Reads`.
    """

    def images(self, where: Repository, identifiers: Sequence[str]) -> Mapping[str, StoredImage | None]:
        """The images by tag or digest; None for one that ECR lacks. What the reply does not mention is left out."""
        ...

    def role_exists(self, name: str) -> bool:
        """Whether IAM has the role of this name."""
        ...

    def secret_exists(self, name: str, *, region: str) -> bool:
        """Whether Secrets Manager has the secret of this name or ARN, and does not plan to delete it."""
        ...

    def parameters_that_exist(self, names: Sequence[str], *, region: str) -> frozenset[str]:
        """The names among them that Parameter Store has."""
        ...

    def log_group_exists(self, name: str, *, region: str) -> bool:
        """Whether CloudWatch Logs has the log group of this name."""
        ...

    def target_groups(self, arns: Sequence[str]) -> Mapping[str, TargetGroup | None]:
        """The target groups by ARN, all of one Region; None for one that does not exist."""
        ...

    def drain_seconds(self, target_group: str) -> float:
        """The deregistration delay of a target group's ARN."""
        ...

    def test_route(self, rule: str) -> ListenerRoute:
        """DescribeRules, DescribeListeners and DescribeLoadBalancers: where requests to this rule or listener enter."""
        ...

    def scaling_limits(self, ref: ServiceRef) -> ScalingLimits | None:
        """The limits of Application Auto Scaling; None if the service is not scaled by it."""
        ...

    def alarms(self, names: Sequence[str]) -> tuple[AlarmState, ...]:
        """The states of the alarms of these names that exist."""
        ...

    def credentials_expire_at(self) -> datetime | None:
        """When the credentials expire for good; None if they are renewed, or that is not known. Makes no call."""
        ...


class CodeDeploy(Protocol):
    """CodeDeploy, for services under the CODE_DEPLOY controller. Errors: as of `Reads`."""

    def routes(self, ref: ServiceRef) -> tuple[Route, ...]:
        """The deployment groups of this service; AWS allows one at most."""
        ...

    def deployment(self, identifier: str) -> CodeDeployment:
        """GetDeployment; `NoSuchResource` if there is none with this id."""
        ...

    def target(self, ref: ServiceRef, identifier: str) -> EcsTarget | None:
        """BatchGetDeploymentTargets: the target that is the service; None until the deployment has begun."""
        ...

    def appspec(self, of: CodeDeployment) -> str:
        """GetApplicationRevision: the AppSpec's content, as JSON or YAML."""
        ...

    def deployments(self, route: Route, since: datetime | None = None) -> tuple[CodeDeployment, ...]:
        """ListDeployments and BatchGetDeployments of a group since `since`: at most a hundred, newest first."""
        ...

    def deployments_page(self, route: Route, token: str = "") -> tuple[tuple[CodeDeployment, ...], str]:
        """The same from `token` on, and the token of the next page, empty if there is none."""
        ...

    def create(self, route: Route, appspec: str, description: str) -> str:
        """CreateDeployment with this AppSpec, in JSON or YAML. Returns the id of the new deployment."""
        ...

    def stop(self, identifier: str) -> None:
        """StopDeployment with a rollback; `AwsRefused` if it has ended."""
        ...
