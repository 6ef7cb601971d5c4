"""One consistent view of a rollout: all the reads of one poll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Union

from ecsdeploy.model.outcome import Doom
from ecsdeploy.model.service import Service, ServiceDeployment, Task
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import CodeDeploySnapshot


@value(frozen=True, slots=True, kw_only=True)
class Handle:
    """What identifies the deployment that we started.

    The digits of `deployment_id` are also those of the service revision that it creates: that is how its
    service deployment is told from others (seen in captures of the API; AWS documents the two formats only).
    """

    deployment_id: str
    revision: str
    """The task definition's ARN."""
    previous: tuple[str, ...] = ()
    """The ids of the deployments that stood before ours."""


@value(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the stopped tasks of our deployment, and ECS's lines, say about its chances.

    `stopped` are the tasks that were read; `any_healthy` says that one of its tasks was healthy; `waits_for` is a
    sentence without its full stop about what passes by itself, empty where nothing of that kind is in the way.
    """

    stopped: tuple[Task, ...] = ()
    doom: Doom | None = None
    any_healthy: bool = False
    waits_for: str = ""
    of_tasks: bool = True
    """The tasks were read; else ECS's lines alone speak, and say nothing of a doom."""


@value(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The service, the service deployment of ours (if known yet) and, where they were needed, our tasks.

    `checked` says that containers have health checks, `targets` holds `id:port` to state for each target group read.
    """

    service: Service
    service_deployment: ServiceDeployment | None = None
    tasks: tuple[Task, ...] | None = None
    checked: bool = False
    targets: tuple[Mapping[str, str], ...] = ()
    lately_running: int = 0
    """The most tasks of the service that ran lately: the targets of those that stop are healthy for a moment more."""
    judgement: Judgement | None = None


@value(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A poll that saw nothing, and why."""

    error: Exception


Look = Union[Snapshot, Unseen, "CodeDeploySnapshot"]
