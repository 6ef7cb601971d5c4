"""What will be done, in order: a plan is data until `engine.write.execute` runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from ecsdeploy.model.arn import ServiceRef, revision_name
from ecsdeploy.model.difference import Difference
from ecsdeploy.model.edits import ImageChange
from ecsdeploy.model.request import Sizing
from ecsdeploy.model.settings import Breaker
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import Route
    from ecsdeploy.model.oneoff import OneOff


@value(frozen=True, slots=True, kw_only=True)
class Register:
    """RegisterTaskDefinition of this content."""

    definition: TaskDefinition


@value(frozen=True, slots=True, kw_only=True)
class PointService:
    """UpdateService to `revision` (an ARN), or, where it is empty, to the one just registered."""

    service: ServiceRef
    revision: str = ""
    sizing: Sizing = Sizing()
    force: bool = False

    def keeps(self, revision: str) -> bool:
        """Whether a service that is on `revision` stays on it: then ECS starts no deployment."""
        if self.force or not self.revision:
            return False
        return revision_name(self.revision) == revision_name(revision)


@value(frozen=True, slots=True, kw_only=True)
class CreateService:
    """CreateService with these members, of the revision just registered."""

    service: ServiceRef
    members: Mapping[str, object]


@value(frozen=True, slots=True, kw_only=True)
class StartCodeDeploy:
    """CodeDeploy's CreateDeployment of `revision`, or, where it is empty, of the one just registered."""

    service: ServiceRef
    route: Route
    revision: str = ""
    force: bool = False


@value(frozen=True, slots=True, kw_only=True)
class UpdateExpress:
    """UpdateExpressGatewayService with `members`, of which ECS makes a revision like `definition`.

    Without them it takes `revision` (an ARN) or, where that is empty, the one just registered.
    """

    service: ServiceRef
    arn: str
    """The service's."""
    members: Mapping[str, object] = field(default_factory=dict, repr=False)
    definition: TaskDefinition | None = field(default=None, repr=False)
    revision: str = ""
    force: bool = False


@value(frozen=True, slots=True, kw_only=True)
class RunTask:
    """RunTask of `revision`, or, where it is empty, of the one just registered."""

    one_off: OneOff
    revision: str = ""
    definition: TaskDefinition | None = field(default=None, repr=False)
    """What `revision` is, where it is of another family than the release."""


StartStep = PointService | StartCodeDeploy | UpdateExpress
"""A step that starts a deployment of a service."""
Step = Register | StartStep | RunTask | CreateService


@value(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The last good revision before us, and what the service was like: where a rollback goes."""

    revision: str
    deployment_id: str
    sizing: Sizing


@value(frozen=True, slots=True, kw_only=True)
class Finding:
    """A check's result: `code` names it, `subjects` say about what; `render.findings` has the sentence."""

    code: str
    subjects: tuple[str, ...] = ()
    blocking: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Setting:
    """The service as a release finds it: its size, its circuit breaker, and how many tasks run which revision."""

    desired: int
    minimum_healthy_percent: int | None = None
    maximum_percent: int | None = None
    breaker: Breaker = Breaker()
    running: int = 0
    """Tasks of the service that run."""
    running_compared: int = 0
    """Those of them that run the revision in `compared`."""


@value(frozen=True, slots=True, kw_only=True)
class Usual:
    """How long a release of the service takes: the median of so many that succeeded."""

    seconds: float
    of: int


@value(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps, what they change, what the checks found, and where to go back to."""

    steps: tuple[Step, ...]
    after: RunTask | None = None
    """The task that follows a release that succeeded."""
    base: str
    """The ARN (or the file) of the definition that the edits started from."""
    changes: tuple[ImageChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    held: tuple[Finding, ...] = ()
    """Checks that were made and found nothing, with what they looked at."""
    baseline: Baseline | None = None
    compared: str = ""
    """The ARN of the revision that `differences` are from: the one that runs; empty where there is none to compare."""
    differences: tuple[Difference, ...] = ()
    containers: tuple[str, ...] = ()
    """All of the new definition, where it was compared."""
    resized: tuple[Difference, ...] = ()
    """What changes of the service's own configuration."""
    setting: Setting | None = None
    usual: Usual | None = None
    released: datetime | None = None
    """When the existing revision that is deployed was released before, if that is known."""

    @property
    def has_changes(self) -> bool:
        """Whether anything would differ from what runs; where that is not known, an image from what the base has."""
        if self.resized or self.differences:
            return True
        return not self.compared and any(each.before != each.after for each in self.changes)

    @property
    def is_blocked(self) -> bool:
        """Whether a finding says that this must not be done."""
        return any(each.blocking for each in self.findings)
