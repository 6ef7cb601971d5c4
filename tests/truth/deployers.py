"""The world's own records of a deployment: those of ECS, and those of CodeDeploy in the words of ECS's."""

from ecsdeploy.sim.ground.strategies import ALL
from ecsdeploy.sim.state.codedeploy import CodeDeployment
from ecsdeploy.sim.state.health import is_up
from ecsdeploy.sim.state.service import ServiceDeployment
from tests.truth.witness import Json, Known, Witness

_OF_RELEASE = {"Succeeded": "SUCCESSFUL", "Stopped": "STOPPED", "Failed": "FAILED"}
_OF_ROLLBACK = {"Succeeded": "ROLLBACK_SUCCESSFUL", "Stopped": "ROLLBACK_FAILED", "Failed": "ROLLBACK_FAILED"}


class EcsWitness(Witness):
    """Of a service that ECS itself deploys."""

    LOOKS, READS = "DescribeServices", frozenset({"DescribeServices"})
    STARTS, STOPS = "UpdateService", "StopServiceDeployment"

    def newest(self) -> ServiceDeployment:
        return self.service.history[-1]

    def id_of(self, record: ServiceDeployment) -> str:
        return record.deployment.id

    def there(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.service.deployments)

    def stopped_by(self, request: Json) -> str:
        arn = request["serviceDeploymentArn"]
        return next((each.deployment.id for each in self.service.history if each.arn == arn), arn)

    def truth(self) -> Known:
        service, ours = self.service, self.ours[0] if self.ours else None
        later = service.history[service.history.index(ours) + 1 :] if ours else []
        theirs = [each for each in later if each not in self.ours]
        back = self.ours[1] if len(self.ours) > 1 else None
        return self._truth(
            status=ours.status if ours else "",
            state=ours.deployment.rollout_state if ours else "",
            reason=(ours.reason or "") if ours else "",
            ended_at=ours.finished_at if ours else None,
            taken_over_at=theirs[0].created_at if theirs else None,
            by_others=bool(service.deployments) and any(each.deployment is service.primary for each in theirs),
            put_back=back.status if back else "",
            well=ours is not None and 0 < ours.deployment.desired <= sum(map(is_up, ours.deployment.tasks)),
            shifted=ours is not None and self._shifted(ours),
            began=ours.created_at if ours else None,
            **self._told_by_tasks(ours.deployment if ours else None),
            in_progress=any(not each.ended for each in service.history),
        )

    def _shifted(self, ours: ServiceDeployment) -> bool:
        if ours.course is not None:
            return ours.course.production >= ALL
        others = (task for each in self.service.deployments if each is not ours.deployment for task in each.tasks)
        return not any(task.last_status == "RUNNING" for task in others)


class CodeDeployWitness(Witness):
    """Of a service that CodeDeploy deploys: its record, in the words of ECS's own."""

    LOOKS, READS = "GetDeployment", frozenset({"GetDeploymentGroup", "BatchGetDeployments"})
    STARTS, STOPS = "CreateDeployment", "StopDeployment"

    def newest(self) -> CodeDeployment:
        return self._releases()[-1]

    def _releases(self) -> list[CodeDeployment]:
        return list(self.world.region.codedeploy.deployments.values())

    def id_of(self, record: CodeDeployment) -> str:
        return record.id

    def there(self) -> tuple[str, ...]:
        return tuple(each.id for each in reversed(self._releases()))

    def stopped_by(self, request: Json) -> str:
        return str(request["deploymentId"])

    def truth(self) -> Known:
        known, ours = self._releases(), self.ours[0] if self.ours else None
        later = known[known.index(ours) + 1 :] if ours else []
        theirs = [each for each in later if each.creator == "user" and each not in self.ours]
        back = self._back(ours) if ours else None
        green = ours.green if ours else None
        return self._truth(
            status=self._status(ours) if ours else "",
            state="FAILED" if ours and ours.status == "Failed" else "",
            reason=str((ours.error or {}).get("message", "")) if ours else "",
            ended_at=(back or ours).ended_at if ours else None,
            taken_over_at=theirs[0].created_at if theirs else None,
            by_others=any(each.green in self.service.deployments[:1] for each in theirs),
            put_back=self._status(self.ours[1]) if len(self.ours) > 1 else "",
            well=green is not None and back is None and green.desired <= sum(map(is_up, green.tasks)),
            shifted=ours is not None and back is None and ours.weight >= ALL,
            began=ours.created_at if ours else None,
            **self._told_by_tasks(green),
            in_progress=any(not each.ended for each in known),
        )

    def _back(self, ours: CodeDeployment) -> CodeDeployment | None:
        """CodeDeploy's own deployment that rolls it back."""
        return self.world.region.codedeploy.deployments.get(ours.rollback.get("rollbackDeploymentId", ""))

    def _status(self, ours: CodeDeployment) -> str:
        back = self._back(ours)
        if back is not None:
            return _OF_ROLLBACK.get(back.status, "ROLLBACK_IN_PROGRESS")
        return _OF_RELEASE.get(ours.status, "IN_PROGRESS")
