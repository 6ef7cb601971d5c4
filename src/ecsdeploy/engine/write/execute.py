"""Makes the writes of a plan, each exactly once: after a lost reply, we look for the effect of the write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ecsdeploy.engine.emit import Emitter
from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.ports import ControlPlane
from ecsdeploy.engine.write.lost_reply import LOOKS_FOR_EFFECT, Effect, LostWrite, OvertakenError, Stood
from ecsdeploy.errors import AccessDenied, AwsError, EcsDeployError, NoSuchResource, ReplyLost
from ecsdeploy.model.arn import split_revision
from ecsdeploy.model.service import Service
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.model.steps import PointService, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace, value
from ecsdeploy.plan.kept import is_content_of

T = TypeVar("T")

SENDS = 2
"""How often we send a write, if its replies are lost and we find no effect."""
REVISIONS_LOOKED_AT = 10
"""How many of the newest revisions we compare with a lost registration."""
SEARCH_SECONDS = 30.0
"""How long we look for a lost registration, at least."""
_UNCLEAR = (AwsError, NoSuchResource)
"""The errors of a search after which we do not know whether the write arrived."""
_NOT_SHOWN = "ECS accepted the update, and its reply shows no deployment of ours."


_TAGS = "ecs:TagResource"
"""Beside `ecs:RegisterTaskDefinition`, for a revision with tags."""


def register_tagged(writer: Writer, step: Register, newest_seen: int, emit: Emitter) -> TaskDefinition:
    """Register with the tags, or, where only they are denied, without them: no release fails for want of a tag."""
    try:
        return writer.register(step, newest_seen)
    except AccessDenied as error:
        if error.action != _TAGS or not step.definition.tags:
            raise
    emit.warn("W-TAGS-DENIED", *(key for key, _ in step.definition.tags))
    return writer.register(replace(step, definition=replace(step.definition, tags=())), newest_seen)


@value(frozen=True, slots=True, kw_only=True)
class Writer:
    """Makes writes, and repeats those that AWS cannot have applied while there is `patience`."""

    plane: ControlPlane
    patience: Patience

    def register(self, step: Register, newest_seen: int) -> TaskDefinition:
        """Register exactly once, and return the new revision. `newest_seen` is the highest number known before.

        `ReplyLost` if we do not know whether it was registered; any other error of AWS means that it was not.
        """
        return self.settle(
            lambda: self.plane.register(step.definition), lambda: self._find_revision(step.definition, newest_seen)
        )

    def settle(self, send: Callable[[], T | None], find: Callable[[], T | None], sends: int = SENDS) -> T:
        """Send a write at most `sends` times, and return its effect.

        * After a lost reply, `find` looks for the effect. If there is none, we send again.
        * `send` returns None if the reply does not show the effect. Then `find` looks for it, and we never send again,
          as AWS has accepted the write.
        * `ReplyLost` if no effect is found. It is also raised for an error of a second request: the first one may have
          arrived, though nothing shows it yet.
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
        """A revision above `newest_seen` with the content that we sent; None if there is none."""
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
        """UpdateService exactly once. Returns the service, and the handle of our deployment.

        `before` is what the service had when it was read. A forced update is sent once only: a second one would start a
        second deployment. `OvertakenError` if the update was not applied, and somebody else has deployed meanwhile.
        `ReplyLost` if we do not know whether it was applied.
        """

        search = LostWrite(
            plane=self.plane, patience=self.patience.once_begun(), step=step, revision=revision, before=before
        )

        def send() -> Effect | None:
            service = self.plane.update_service(step, revision)
            ours = search.shown(service)
            return (service, ours) if ours else None

        service, ours = self.settle(send, search.find, 1 if step.force else SENDS)
        return service, Handle(deployment_id=ours, revision=revision, previous=stood_before(service, ours, before.ids))


def _looked_for(find: Callable[[], T | None], lost: ReplyLost, *unclear: type[EcsDeployError]) -> T | None:
    """The effect that `find` finds, or None. If `find` ends in one of the errors `unclear`, this raises `lost`."""
    try:
        return find()
    except unclear:
        raise lost from None


def newest_of(family: str, *known: str) -> int:
    """The highest revision number of `family` among the `known` ARNs; 0 if none of them is of that family."""
    named = (split_revision(each) for each in known)
    return max((number or 0 for name, number in named if name == family), default=0)


def stood_before(service: Service, ours: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the deployments that began before ours.

    These are the ids `before`, and those that `service` lists beside ours, as some may have begun after our first read.
    A primary one that is not among `before` has superseded ours, so it is left out.
    """
    listed = tuple(each.id for each in service.deployments if not each.is_primary or each.id in before)
    return tuple(each for each in dict.fromkeys(before + listed) if each != ours)
