"""Whether a deployment of the service is under way."""

from ecsdeploy.model.service import Deployment, Service


def running_deployment(service: Service) -> Deployment | None:
    """The deployment that ECS is working on, if there is one.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
    """
    primary = service.primary
    return primary if primary is not None and primary.rollout_state == "IN_PROGRESS" else None
