"""The command `history`: reads the past releases of a service, who registered them, and what `rollback` would do.

With `--diff` it reads two revisions instead, and finds what differs between them.
"""

from __future__ import annotations

from functools import partial
from itertools import chain

from ecsdeploy.engine.commands.rollback import known_good
from ecsdeploy.engine.looking.releases import Listing, completed, of_codedeploy, of_ecs, of_family
from ecsdeploy.engine.optional import OptionalReads
from ecsdeploy.engine.prepare.announce import refuse_other_account
from ecsdeploy.engine.run import Run
from ecsdeploy.errors import AwsError, AwsRefused, EcsDeployError, NoSuchResource, Refused
from ecsdeploy.model.arn import revision_name, split_revision
from ecsdeploy.model.history import Compared, History, Release, Source, WayBack
from ecsdeploy.model.looking import DifferenceRequest, HistoryRequest
from ecsdeploy.model.outcome import Place
from ecsdeploy.model.service import PastDeployment, Service
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.plan.diff import differences
from ecsdeploy.plan.revisions import revision_meant
from ecsdeploy.plan.undone import undone

SECONDS = 20.0
"""How long after the start an optional read may begin."""
BESIDE = 20
"""For up to so many releases, we also read who registered them, and what `rollback` would do: a call each."""


class HistoryReads:
    """The reads for one history. All but the list are optional: the history names those that failed in `unread`."""

    def __init__(self, run: Run, request: HistoryRequest) -> None:
        self._run = run
        self._request = request
        self._unread: list[str] = []
        until = run.clock.monotonic() + SECONDS
        self._reads = OptionalReads(clock=run.clock, until=until, remembers_denials=True, note=self._note)

    def history(self) -> History:
        """The history, newest first.

        `NoSuchResource` if the service does not exist, `Refused` if it is in another account. With `only_failed`, also
        the errors of the list, as the family's revisions do not say which ones failed.
        """
        listing, service = self._listing(), None
        if not listing.releases or self._request.most <= BESIDE:
            service = self._run.patience().read(lambda: self._run.plane.service(self._request.service))
            refuse_other_account(service.arn, self._request.expect_account)
            listing = self._otherwise(service, listing)
        way_back = self._way_back(service, listing) if service else None
        return History(
            place=self._place(service.arn if service else listing.releases[0].arn),
            at=self._run.clock.now(),
            source=listing.source,
            releases=self._releases(listing, way_back.revision if way_back else ""),
            only_failed=self._request.only_failed,
            more=listing.more,
            way_back=way_back,
            unread=tuple(self._unread),
        )

    def _listing(self) -> Listing:
        """The releases that ECS lists; empty if it has none, or if the list cannot be read."""
        try:
            listing = of_ecs(self._run, self._request)
        except NoSuchResource:
            return Listing()
        except AwsError as error:
            if self._request.only_failed:
                raise
            self._note("ECS's record of releases", error)
            return Listing()
        if listing.releases:
            refuse_other_account(listing.releases[0].arn, self._request.expect_account)
        return listing

    def _otherwise(self, service: Service, listing: Listing) -> Listing:
        """The listing, or another one if ECS lists no release: that of CodeDeploy, or the family's revisions."""
        if service.controller == "CODE_DEPLOY":
            return of_codedeploy(self._run, self._request, service)
        if listing.releases or self._request.only_failed:
            return listing
        return of_family(self._run, self._request, service, self._reads.ask)

    def _releases(self, listing: Listing, back: str) -> tuple[Release, ...]:
        """The releases with who registered each. The one to which `rollback` would go back is marked."""
        found, left = listing.releases, undone(listing.releases)
        good = (each for each in found if each.revision == back and each.has_succeeded)
        marked = next(good, None) if back else None
        read = self._definitions(found)
        return tuple(
            Release(
                past=completed(each, read.get(each.revision)),
                by=_registered_by(read.get(each.revision)),
                is_undone=each.deployment_id in left,
                is_way_back=each is marked,
            )
            for each in found
        )

    def _definitions(self, found: tuple[PastDeployment, ...]) -> dict[str, TaskDefinition]:
        """The revisions as they were registered; empty, with a note, if there are more releases than BESIDE."""
        revisions = dict.fromkeys(each.revision for each in found if each.revision)
        if len(found) > BESIDE:
            self._unread.append(
                f"who registered the revisions: that is read of up to {BESIDE} releases (`-N {BESIDE}`)"
            )
            return {}
        read = (self._reads.ask("who registered", partial(self._run.plane.definition, each)) for each in revisions)
        told = zip(revisions, read, strict=True)
        return {revision: each for revision, each in told if each}

    def _way_back(self, service: Service, listing: Listing) -> WayBack | None:
        """What `rollback` would do now, by the same rule as that command; None if the list cannot tell."""
        if self._request.only_failed or listing.source is Source.REVISIONS:
            return None
        newest = next(iter(listing.releases), None)
        if newest is not None and newest.goes_back:
            return WayBack(why=f"ECS is rolling back `{newest.deployment_id}` already")
        if service.controller == "ECS" and service.under_way is not None:
            return WayBack(stops=service.under_way.id)
        try:
            found, _ = known_good(self._run, service, chain(listing.releases, listing.rest))
        except (AwsError, Refused) as error:
            return WayBack(why=error.message.rstrip("."))
        return WayBack(revision=found)

    def _place(self, arn: str) -> Place:
        ref = self._request.service
        return Place.of(arn, cluster=ref.short_cluster, service=ref.short_name)

    def _note(self, what: str, error: EcsDeployError | None) -> None:
        told = f"{what}: {error.message.rstrip('.') if error else 'no time was left'}"
        if told not in self._unread:
            self._unread.append(told)


def _registered_by(definition: TaskDefinition | None) -> str:
    """The ARN of who registered it; empty where that is not known."""
    return str(definition.payload.get("registeredBy") or "") if definition else ""


def compare(run: Run, request: DifferenceRequest) -> Compared:
    """The differences between two revisions, which the request names by number or in full.

    `NoSuchResource` if the service or a revision does not exist; its hint says which revisions do.
    """
    service = run.patience().read(lambda: run.plane.service(request.service))
    refuse_other_account(service.arn, request.expect_account)
    old, new = (_definition(run, revision_meant(each, service)) for each in (request.old, request.new))
    ref = request.service
    return Compared(
        place=Place.of(service.arn, cluster=ref.short_cluster, service=ref.short_name),
        at=run.clock.now(),
        old=old.arn,
        new=new.arn,
        differences=differences(old, new),
    )


def _definition(run: Run, revision: str) -> TaskDefinition:
    """The task definition of a revision; `NoSuchResource` if ECS does not have it."""
    try:
        return run.patience().read(lambda: run.plane.definition(revision))
    except (NoSuchResource, AwsRefused) as error:
        if isinstance(error, AwsError) and not error.says_no:
            raise
        raise NoSuchResource(
            f"There is no revision `{revision_name(revision)}`.", hint=_known(run, split_revision(revision)[0])
        ) from error


def _known(run: Run, family: str) -> str:
    """A hint with the family's oldest and newest active revisions; empty if they cannot be read."""
    try:
        arns = run.patience().brief(5).read(lambda: run.plane.revisions(family))
    except AwsError:
        return ""
    if not arns:
        return f"The family `{family}` has no active revision."
    return f"The active revisions of `{family}` go from `{revision_name(arns[-1])}` to `{revision_name(arns[0])}`."
