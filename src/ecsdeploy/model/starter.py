"""What a project needs to know of a service to start to release it: what `ecs-deploy init` writes into files."""

from __future__ import annotations

from datetime import datetime, timedelta

from ecsdeploy.model.arn import ServiceRef
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.values import value

_LEAST = timedelta(minutes=15)
_STEP = timedelta(minutes=5)
_ROLLBACK = timedelta(minutes=5)


@value(frozen=True, slots=True, kw_only=True)
class StarterRequest:
    """The service, and the container whose image is released, if it is not the only one."""

    service: ServiceRef
    container: str = ""
    expect_account: str = ""


@value(frozen=True, slots=True, kw_only=True)
class Starter:
    """What a live service says. `repository` is that of its image, `took` how long each of its last releases took.

    `unread` says what could not be read, and why.
    """

    place: Place
    at: datetime
    partition: str
    repository: str
    deployer: str = "ECS"
    """Who deploys the service: `ECS`, `EXPRESS` or `CODE_DEPLOY`."""
    took: tuple[float, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def timeout(self) -> timedelta:
        """Twice the longest release, in steps of five minutes, and the default at least."""
        longest = timedelta(seconds=max(self.took, default=0))
        return max(_LEAST, -(-2 * longest // _STEP) * _STEP)

    @property
    def job_timeout(self) -> timedelta:
        """How long a job may take: the timeout before the change, again for it, and again for a rollback."""
        return 3 * self.timeout + _ROLLBACK

    @property
    def role(self) -> str:
        """The ARN of a role that nobody has made yet."""
        return f"arn:{self.partition}:iam::{self.place.account}:role/DEPLOY_ROLE"
