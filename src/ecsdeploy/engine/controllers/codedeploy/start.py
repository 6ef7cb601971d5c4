"""CreateDeployment exactly once: a reply that was lost is settled by looking for the deployment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.run import Run
from ecsdeploy.engine.write.lost_reply import LOOKS_FOR_EFFECT, OvertakenError
from ecsdeploy.errors import AwsError, ReplyLost
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.codedeploy import CodeDeployment, Route
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.plan.codedeploy import appspec_for


def start(run: Run, route: Route, revision: str, patience: Patience) -> Handle:
    """Let CodeDeploy bring `revision`. CreateDeployment takes no token that would make a second one harmless.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    appspec = appspec_for(revision, route)
    describe = route.description or f"ecs-deploy: {revision_name(revision)}"

    def create() -> str:
        return patience.write(lambda: run.plane.codedeploy.create(route, appspec, describe))

    def find() -> str:
        return _find(run, patience.once_begun(), route, appspec)

    try:
        identifier = create()
    except ReplyLost as lost:
        identifier = _found(find, lost) or _again(create, find, lost)
    return Handle(deployment_id=identifier, revision=revision)


def _found(find: Callable[[], str], lost: ReplyLost) -> str:
    try:
        return find()
    except AwsError:
        raise lost from None


def _again(create: Callable[[], str], find: Callable[[], str], lost: ReplyLost) -> str:
    """A group that is at work refuses the second request: it may be at work on the first one, seen only now.

    However the second request ends, the first one may have been carried out and not be listed yet: where no deployment
    of ours is found, its loss is raised.
    """
    try:
        return create()
    except AwsError:
        found = _found(find, lost)
    if not found:
        raise lost
    return found


def _find(run: Run, patience: Patience, route: Route, appspec: str) -> str:
    """The first deployment of our AppSpec, where there is one in the end: lists lag behind writes by seconds.

    Its rollback, which CodeDeploy may have made by then, can have the same one.
    Empty where nobody has released since; `OvertakenError` where others have, and we have not.
    """
    newer: Sequence[CodeDeployment] = ()
    wanted = sha256(appspec.encode()).hexdigest()
    for attempt in range(LOOKS_FOR_EFFECT):
        patience.clock.sleep(backoff(attempt, patience.clock))
        newer = _newer(run, patience, route)
        ours = [each.id for each in newer if each.appspec_hash == wanted and not each.rolls_back]
        if ours:
            return ours[-1]
    if newer:
        raise OvertakenError(newer[0].id, str(route))
    return ""


def _newer(run: Run, patience: Patience, route: Route) -> tuple[CodeDeployment, ...]:
    """The deployments that are newer than the group's newest one was, the newest first."""
    listed = patience.read(lambda: run.plane.codedeploy.deployments(route, route.newest_at))
    return tuple(each for each in listed if each.id != route.newest and not _is_older(each, route))


def _is_older(each: CodeDeployment, route: Route) -> bool:
    """The list is asked for since a whole second."""
    return each.created_at is not None and route.newest_at is not None and each.created_at < route.newest_at
