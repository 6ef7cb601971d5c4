"""What in a request must be hidden from now on, and what must not: whoever carries one out tells the `Secrets`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ecsdeploy.model.arn import ServiceRef, short_name, split_revision
from ecsdeploy.model.edits import SetImage, secrets_in
from ecsdeploy.model.request import DeployRequest, FromFile, OverviewRequest, RegisterRequest, Request, RunRequest
from ecsdeploy.model.secrets import Secrets, secrets_of_words

if TYPE_CHECKING:

    class OfService(Protocol):
        """Any other request about one service."""

        @property
        def service(self) -> ServiceRef: ...


def names_in(request: Request | OverviewRequest | OfService) -> tuple[str, ...]:
    """The names that the user gave: the service or the family, the cluster, the images."""
    match request:
        case OverviewRequest():
            named: tuple[str, ...] = (short_name(request.cluster),)
        case RegisterRequest():
            of_run = request.run.cluster if request.run else ""
            named = (split_revision(request.family)[0], short_name(request.cluster), short_name(of_run))
        case RunRequest():
            named = (short_name(request.cluster), request.like, split_revision(request.family)[0], request.container)
        case _:
            named = (request.service.short_name, request.service.short_cluster)
    return (*named, *(str(each.image) for each in getattr(request, "edits", ()) if isinstance(each, SetImage)))


def know_request(secrets: Secrets, request: Request | OverviewRequest | OfService) -> None:
    """Hide what a request says in secret: in its edits, in the commands of its tasks, in its file. Spare its names."""
    secrets.spare(names_in(request))
    match request:
        case RunRequest():
            secrets.learn(secrets_of_words(request.command))
        case DeployRequest():
            for gate in filter(None, (request.before, request.after)):
                secrets.learn(secrets_of_words(gate.command))
            if request.gate:
                secrets.learn(secrets_of_words(request.gate.smoke))
        case RegisterRequest():
            pass
        case _:
            return
    secrets.learn(secrets_in(request.edits))
    if isinstance(request, DeployRequest | RegisterRequest) and isinstance(request.base, FromFile):
        secrets.know(request.base.definition)
