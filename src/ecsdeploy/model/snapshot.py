"""One consistent view of a rollout: all the reads of one poll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Union

from ecsdeploy.model.judgement import Judgement
from ecsdeploy.model.service import Service, ServiceDeployment, Task
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.model.codedeploy import CodeDeploySnapshot


@value(frozen=True, slots=True, kw_only=True)
class Handle:
    """What identifies the deployment that we started.

    The digits of `deployment_id` are also those of the service revision that it creates. By them we tell its service
    deployment from others (seen in captures of the API; AWS documents the two formats only).
    """

    deployment_id: str
    revision: str
    """The task definition's ARN."""
    previous: tuple[str, ...] = ()
    """The ids of the deployments that the service had before ours."""


@value(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The service, the service deployment of ours (if it is known yet) and, where we needed them, our tasks.

    `checked` says that containers have health checks, `targets` holds `id:port` to state for each target group read.
    """

    service: Service
    service_deployment: ServiceDeployment | None = None
    tasks: tuple[Task, ...] | None = None
    checked: bool = False
    targets: tuple[Mapping[str, str], ...] = ()
    lately_running: int = 0
    """The most tasks of the service that ran lately: a target stays healthy for a moment after its task stops."""
    judgement: Judgement | None = None


@value(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A poll that saw nothing, and why."""

    error: Exception


Look = Union[Snapshot, Unseen, "CodeDeploySnapshot"]
