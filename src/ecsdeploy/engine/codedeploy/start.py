"""CreateDeployment exactly once: a reply that was lost is settled by looking for the deployment."""

from collections.abc import Callable
from hashlib import sha256

from ecsdeploy.engine.effect import LOOKS_FOR_EFFECT
from ecsdeploy.engine.patience import Patience, backoff
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, ReplyLost
from ecsdeploy.model.arn import revision_name
from ecsdeploy.model.codedeploy import Route
from ecsdeploy.model.snapshot import Handle
from ecsdeploy.plan.codedeploy import appspec_for


def start(run: Run, route: Route, revision: str) -> Handle:
    """Let CodeDeploy bring `revision`. CreateDeployment takes no token that would make a second one harmless.

    https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
    """
    appspec, patience = appspec_for(revision, route), run.patience()
    describe = f"ecs-deploy: {revision_name(revision)}"

    def create() -> str:
        return patience.write(lambda: run.plane.codedeploy.create(route, appspec, describe))

    try:
        identifier = create()
    except ReplyLost as lost:
        try:
            found = _find(run, patience.once_begun(), route, appspec)
        except AwsError:
            raise lost from None
        identifier = found or _again(run, route, appspec, create)
    return Handle(deployment_id=identifier, revision=revision)


def _again(run: Run, route: Route, appspec: str, create: Callable[[], str]) -> str:
    """A group that is at work refuses the second request: it may be at work on the first one, seen only now.

    The second one's reply may be lost too.
    """
    try:
        return create()
    except (AwsRefused, ReplyLost) as error:
        search = _look if isinstance(error, AwsRefused) else _find
        found = search(run, run.patience().once_begun(), route, appspec)
        if not found:
            raise
        return found


def _find(run: Run, patience: Patience, route: Route, appspec: str) -> str:
    """What `_look` finds in the end: lists lag behind writes by seconds."""
    for attempt in range(LOOKS_FOR_EFFECT):
        patience.clock.sleep(backoff(attempt, patience.clock))
        found = _look(run, patience, route, appspec)
        if found:
            return found
    return ""


def _look(run: Run, patience: Patience, route: Route, appspec: str) -> str:
    """The deployment of our AppSpec that is newer than the group's newest one was; empty where there is none."""
    wanted = sha256(appspec.encode()).hexdigest()
    listed = patience.read(lambda: run.plane.codedeploy.deployments(route, route.newest_at))
    return next((each.id for each in listed if each.appspec_hash == wanted and each.id != route.newest), "")
