"""Runs the steps of a plan, one call each; a write whose reply was lost is settled by looking for its effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.engine.write.lost_reply import LOOKS_FOR_EFFECT, Effect, LostWrite, OvertakenError, Stood
from ecsdeploy.errors import AwsError, EcsDeployError, NoSuchResource, ReplyLost
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import PointService, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import value
from ecsdeploy.plan.kept import is_content_of

T = TypeVar("T")

SENDS = 2
"""How often a write is sent whose replies are lost, and of which no effect is to be found."""
REVISIONS_LOOKED_AT = 10
SEARCH_SECONDS = 30.0
"""A lost registration is looked for so long at least: it is not known otherwise whether it was made."""
_UNCLEAR = (AwsError, NoSuchResource)
"""Looking for a lost write ended so: what came of it is not known, and least of all that it was refused."""
_NOT_SHOWN = "ECS accepted the update, and its reply shows no deployment of ours."


@value(frozen=True, slots=True, kw_only=True)
class Writer:
    """Executes steps against a control plane, with patience for what was not applied."""

    plane: ControlPlane
    patience: Patience

    def register(self, step: Register, newest_seen: int) -> TaskDefinition:
        """Register exactly once. `newest_seen` is the highest revision number known before."""
        return self._settle(
            lambda: self.plane.register(step.definition), lambda: self._find_revision(step.definition, newest_seen)
        )

    def _settle(self, send: Callable[[], T | None], find: Callable[[], T | None], sends: int = SENDS) -> T:
        """Send; after a lost reply look for the effect, and send again only what had none. The last loss is raised.

        However a second request ends, the first one may have been applied and not be shown yet: its loss is raised.
        A reply that does not show the effect (`send` gives None) is as good as a lost one, but for this: the write was
        accepted, and is never sent again.
        """
        lost: ReplyLost | None = None
        while True:
            sends -= 1
            try:
                sent = self.patience.write(send)
            except ReplyLost as error:
                lost = error
                found = _looked_for(find, lost, *_UNCLEAR)
                if found is None and not sends:
                    raise
            except EcsDeployError:
                if lost is None:
                    raise
                raise lost from None
            else:
                found = sent or _looked_for(find, ReplyLost(_NOT_SHOWN), *_UNCLEAR, OvertakenError)
                if found is None:
                    raise ReplyLost(_NOT_SHOWN)
            if found is not None:
                return found

    def _find_revision(self, sent: TaskDefinition, newest_seen: int) -> TaskDefinition | None:
        patience = self.patience.forgiving(SEARCH_SECONDS)
        for attempt in range(LOOKS_FOR_EFFECT):
            patience.clock.sleep(backoff(attempt, patience.clock))
            arns = patience.read(lambda: self.plane.revisions(sent.family))
            fresh = [arn for arn in arns if (split_revision(arn)[1] or 0) > newest_seen]
            for arn in fresh[:REVISIONS_LOOKED_AT]:
                stored = patience.read(partial(self.plane.definition, arn))
                if is_content_of(stored, sent):
                    return stored
        return None

    def point_service(self, step: PointService, revision: str, before: Stood) -> tuple[Service, Handle]:
        """UpdateService exactly once, also where replies are lost; `before` is what stood when the service was read.

        A write that may have been applied is never repeated blindly: a forced one would start a second deployment.
        `OvertakenError` where it was not applied, and somebody else has deployed meanwhile.
        """

        search = LostWrite(
            plane=self.plane, patience=self.patience.once_begun(), step=step, revision=revision, before=before
        )

        def send() -> Effect | None:
            service = self.plane.update_service(step, revision)
            ours = search.shown(service)
            return (service, ours) if ours else None

        service, ours = self._settle(send, search.find, 1 if step.force else SENDS)
        return service, Handle(deployment_id=ours, revision=revision, previous=_stood_before(service, ours, before.ids))


def _looked_for(find: Callable[[], T | None], lost: ReplyLost, *unclear: type[EcsDeployError]) -> T | None:
    """What is found; `lost` is raised where looking ends in an error that leaves it unclear what came of the write."""
    try:
        return find()
    except unclear:
        raise lost from None


def newest_of(family: str, *known: str) -> int:
    """The highest revision number of `family` among the ARNs known; 0 if none is of that family."""
    named = (split_revision(each) for each in known)
    return max((number or 0 for name, number in named if name == family), default=0)


def _stood_before(service: Service, ours: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """What was there when ours began, also what began after our first read: all but a primary that superseded ours."""
    listed = tuple(each.id for each in service.deployments if not each.is_primary or each.id in before)
    return tuple(each for each in dict.fromkeys(before + listed) if each != ours)
