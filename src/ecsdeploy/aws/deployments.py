"""ECS's service deployments: that of a deployment of ours, those of the past, and what continues or stops one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ecsdeploy.aws import faults, translate
from ecsdeploy.aws.reading import JsonObject, objects, text
from ecsdeploy.aws.services import words
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AccessDenied, AwsError
from ecsdeploy.model.arn import ServiceRef, short_name
from ecsdeploy.model.identity import leads_to
from ecsdeploy.model.service import PastDeployment, ServiceDeployment

_LOOKS_UNNAMED = 3
"""How many looks we wait for AWS to name a service deployment with its service. It does so within five seconds."""
_MOST_PAGES = 3
_REVISIONS_PER_CALL = 20
_UNDER_WAY = frozenset({"PENDING", "IN_PROGRESS"})


class ServiceDeployments:
    """Finds a service deployment in the list once, then reads it by its ARN: one call for each look."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._arns: dict[tuple[ServiceRef, str], str] = {}
        self._unnamed = Counter[tuple[ServiceRef, str]]()
        self._offered = True

    def of(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        """The service deployment of our deployment; None where there is none, or not yet.

        Its service revision has the digits of `deployment_id`. Where the endpoint does not offer the operations, we ask
        it once, and answer None from then on. Errors: `AccessDenied`, as what we may not read may well exist.
        """
        if not self._offered:
            return None
        try:
            return self._look(ref, deployment_id)
        except AwsError as error:
            if not faults.lacks_operation(error):
                raise
            self._offered = False
            return None

    def page(
        self, ref: ServiceRef, token: str = "", *, most: int = _REVISIONS_PER_CALL, statuses: Sequence[str] = ()
    ) -> tuple[tuple[PastDeployment, ...], str]:
        """At most so many past deployments, the newest first, and the token of the next page.

        With `statuses` only those that have one of them. Empty where the endpoint offers no such list.
        Errors: `AccessDenied`, as what we may not read may well exist.
        """
        chosen: dict[str, object] = {"nextToken": token} if token else {}
        chosen |= {"status": list(statuses)} if statuses else {}
        reply = self._list(ref, maxResults=most, **chosen)
        briefs = objects(reply, "serviceDeployments")
        revisions = self._revisions(ref, briefs)
        return tuple(translate.past_deployment(each, revisions) for each in briefs), text(reply, "nextToken")

    def durations(self, ref: ServiceRef) -> tuple[float, ...]:
        """Seconds from creation to success, the newest first; empty where the endpoint offers no such list."""
        briefs = objects(self._list(ref, status=["SUCCESSFUL"]), "serviceDeployments")
        past = (translate.past_deployment(each, {}) for each in briefs)
        spans = (each.finished_at - each.created_at for each in past if each.finished_at and each.created_at)
        return tuple(each.total_seconds() for each in spans)

    def _list(self, ref: ServiceRef, **chosen: object) -> JsonObject:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html"""
        asked = {"cluster": ref.cluster, "service": ref.name, "maxResults": _REVISIONS_PER_CALL, **chosen}
        try:
            return self._session.call("ecs", "ListServiceDeployments", asked, subject=words(ref))
        except AwsError as error:
            if not faults.lacks_operation(error):
                raise
            return {}

    def _revisions(self, ref: ServiceRef, briefs: Sequence[JsonObject]) -> Mapping[str, JsonObject]:
        """By its ARN, each service revision of those listed, twenty a call; empty where the endpoint lacks that.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html
        """
        arns = sorted({translate.target_revision(each) for each in briefs} - {""})
        found: list[JsonObject] = []
        try:
            for start in range(0, len(arns), _REVISIONS_PER_CALL):
                asked = {"serviceRevisionArns": arns[start : start + _REVISIONS_PER_CALL]}
                reply = self._session.call("ecs", "DescribeServiceRevisions", asked, subject=words(ref))
                found += objects(reply, "serviceRevisions")
        except AwsError as error:
            if not faults.lacks_operation(error):
                raise
        return {text(each, "serviceRevisionArn"): each for each in found}

    def _look(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        known = self._arns.get((ref, deployment_id))
        if known:
            return self._described(ref, known, deployment_id)
        if self._is_unnamed(ref, deployment_id):
            return None
        found = self._current(ref, deployment_id)
        if found is not None:
            return found
        brief = self._found(ref, deployment_id)
        if brief is None:
            return None
        arn = text(brief, "serviceDeploymentArn")
        self._arns[ref, deployment_id] = arn
        # The list says less: that is enough while it is under way, and where we may not read more.
        listed = translate.service_deployment(brief)
        if listed.status in _UNDER_WAY:
            return listed
        try:
            return self._described(ref, arn, deployment_id)
        except AccessDenied:
            return listed

    def _current(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        """Ours, if it is the one that AWS named last for the service and may be read: that saves reading the list."""
        arn = self._session.current_deployment(ref.cluster, ref.name)
        if not arn:
            return None
        try:
            found = self._described(ref, arn, deployment_id)
        except AccessDenied:
            return None
        if found is not None:
            self._arns[ref, deployment_id] = arn
        return found

    def _is_unnamed(self, ref: ServiceRef, deployment_id: str) -> bool:
        """Whether AWS may still name it with the service, which saves a call: it takes about three seconds."""
        if self._session.current_deployment(ref.cluster, ref.name) != "":
            return False
        self._unnamed[ref, deployment_id] += 1
        return self._unnamed[ref, deployment_id] <= _LOOKS_UNNAMED

    def _found(self, ref: ServiceRef, deployment_id: str) -> JsonObject | None:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html"""
        asked = {"cluster": ref.cluster, "service": ref.name, "maxResults": 100}
        pages = self._session.pages("ListServiceDeployments", asked, subject=words(ref))
        for _, page in zip(range(_MOST_PAGES), pages, strict=False):
            for brief in objects(page, "serviceDeployments"):
                if leads_to(translate.target_revision(brief), deployment_id):
                    return brief
        return None

    def _described(self, ref: ServiceRef, arn: str, deployment_id: str) -> ServiceDeployment | None:
        """None where the reply does not have ours. Where it has another one, the next look searches the list again.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
        """
        asked = {"serviceDeploymentArns": [arn]}
        reply = self._session.call("ecs", "DescribeServiceDeployments", asked, subject=words(ref))
        found = [translate.service_deployment(each) for each in objects(reply, "serviceDeployments")]
        ours = next((each for each in found if leads_to(each.target_revision, deployment_id)), None)
        if found and ours is None and (ref, deployment_id) in self._arns:
            del self._arns[ref, deployment_id]
        return ours


def newest(session: Session, ref: ServiceRef, most: int) -> tuple[ServiceDeployment, ...]:
    """The newest service deployments, described whole, in the order of the list."""
    asked = {"cluster": ref.cluster, "service": ref.name, "maxResults": most}
    listed = session.call("ecs", "ListServiceDeployments", asked, subject=words(ref))
    arns = [text(each, "serviceDeploymentArn") for each in objects(listed, "serviceDeployments")]
    if not arns:
        return ()
    reply = session.call("ecs", "DescribeServiceDeployments", {"serviceDeploymentArns": arns}, subject=words(ref))
    found = {each.arn: each for each in map(translate.service_deployment, objects(reply, "serviceDeployments"))}
    return tuple(found[arn] for arn in arns if arn in found)


def resume(session: Session, arn: str, hook: str, *, rollback: bool) -> None:
    """Answer the pause of `hook`: the service deployment goes on, or with `rollback` is taken back.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
    """
    action = "ROLLBACK" if rollback else "CONTINUE"
    asked = {"serviceDeploymentArn": arn, "hookId": hook, "action": action}
    session.call("ecs", "ContinueServiceDeployment", asked, subject=f"service deployment `{short_name(arn)}`")


def stop(session: Session, arn: str) -> None:
    """Stop the service deployment and have ECS roll it back.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
    """
    asked = {"serviceDeploymentArn": arn, "stopType": "ROLLBACK"}
    session.call("ecs", "StopServiceDeployment", asked, subject=f"service deployment `{short_name(arn)}`")
