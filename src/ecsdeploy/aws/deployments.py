"""The service deployment that belongs to a deployment of ours."""

from ecsdeploy.aws import faults, translate
from ecsdeploy.aws.reading import Record, records, text
from ecsdeploy.aws.services import words
from ecsdeploy.aws.session import Session
from ecsdeploy.errors import AwsError
from ecsdeploy.model.arn import ServiceRef, deployment_number
from ecsdeploy.model.service import ServiceDeployment

_MOST_PAGES = 3
_UNDER_WAY = frozenset({"PENDING", "IN_PROGRESS"})


class ServiceDeployments:
    """Finds a service deployment in the list once, then reads it by its ARN: one call for each look."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._arns: dict[tuple[ServiceRef, str], str] = {}
        self._offered = True

    def of(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        """The one that leads to the service revision with the digits of `deployment_id`, if there is one.

        None for ever, without a call, once the endpoint or the caller's policy did not offer the operations.
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

    def _look(self, ref: ServiceRef, deployment_id: str) -> ServiceDeployment | None:
        known = self._arns.get((ref, deployment_id))
        if known:
            return self._described(ref, known)
        brief = self._found(ref, deployment_number(deployment_id))
        if brief is None:
            return None
        arn = text(brief, "serviceDeploymentArn")
        self._arns[ref, deployment_id] = arn
        # The list says less: while all is well it is enough for this look.
        started = text(brief, "status") in _UNDER_WAY
        return translate.service_deployment(brief) if started else self._described(ref, arn)

    def _found(self, ref: ServiceRef, digits: str) -> Record | None:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html"""
        asked = {"cluster": ref.cluster, "service": ref.name, "maxResults": 100}
        pages = self._session.pages("ListServiceDeployments", asked, subject=words(ref))
        for _, page in zip(range(_MOST_PAGES), pages, strict=False):
            for brief in records(page, "serviceDeployments"):
                if deployment_number(translate.target_revision(brief)) == digits:
                    return brief
        return None

    def _described(self, ref: ServiceRef, arn: str) -> ServiceDeployment | None:
        """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html"""
        asked = {"serviceDeploymentArns": [arn]}
        reply = self._session.call("ecs", "DescribeServiceDeployments", asked, subject=words(ref))
        found = records(reply, "serviceDeployments")
        return translate.service_deployment(found[0]) if found else None
