"""The definition of an Express service: what Express mode shows of it, and what an update makes of it.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExpressGatewayServiceConfiguration.html
"""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.state.definitions import Definition
from ecsdeploy.sim.state.service import Deployment, Json

MAIN = "Main"
"""The name of the container that Express mode sends requests to.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html
"""
OF_TASK = ("executionRoleArn", "taskRoleArn", "cpu", "memory")
_COPIED = ("command", "environment", "secrets", "repositoryCredentials")


def main_container(payload: Json) -> Json:
    """The container that Express mode sends requests to. InvalidParameterException, in our words, if it has none."""
    found: Json | None = next((each for each in payload["containerDefinitions"] if each["name"] == MAIN), None)
    if found is None or len(found.get("portMappings") or ()) != 1:
        raise invalid(f"The task definition must have a container named {MAIN} with a single TCP port mapping.")
    return found


def shown(deployment: Deployment) -> Json:
    """An `ExpressGatewayServiceConfiguration` of a reply."""
    definition = deployment.revision.definition
    return {
        "serviceRevisionArn": deployment.revision.arn,
        "taskDefinitionArn": definition.arn,
        "primaryContainer": _primary_container(definition),
        "createdAt": deployment.revision.created_at,
        **{name: definition.payload[name] for name in OF_TASK if definition.payload.get(name)},
    }


def _primary_container(definition: Definition) -> Json:
    main = main_container(definition.payload)
    options = (main.get("logConfiguration") or {}).get("options") or {}
    container = {"image": main["image"], "containerPort": main["portMappings"][0]["containerPort"]}
    container |= {name: main[name] for name in _COPIED if main.get(name)}
    if "awslogs-group" in options:
        prefix = options.get("awslogs-stream-prefix", "")
        container["awsLogsConfiguration"] = {"logGroup": options["awslogs-group"], "logStreamPrefix": prefix}
    return container


def updated(payload: Json, request: Json) -> Json:
    """A definition's payload after an update with Express mode's own members.

    A `primaryContainer` stands for the whole of what Express mode sets in the container (an assumption: AWS's pages do
    not say what becomes of a member that is left out). All else stays as it is:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-advanced-customization.html
    """
    after = payload | {name: request[name] for name in OF_TASK if request.get(name)}
    asked = request.get("primaryContainer")
    if asked is None:
        return after
    main = main_container(payload)
    others = payload["containerDefinitions"]
    changed = _container(main, asked)
    return after | {"containerDefinitions": [changed if each is main else each for each in others]}


def _container(main: Json, asked: Json) -> Json:
    container = {name: each for name, each in main.items() if name not in _COPIED} | {"image": asked["image"]}
    container |= {name: asked[name] for name in _COPIED if asked.get(name)}
    port, logs = asked.get("containerPort", 80), asked.get("awsLogsConfiguration")
    mapping = main["portMappings"][0]
    if mapping["containerPort"] != port:
        container["portMappings"] = [mapping | {"containerPort": port, "hostPort": port}]
    if logs is not None:
        former = main.get("logConfiguration") or {}
        options = {"awslogs-group": logs["logGroup"], "awslogs-stream-prefix": logs["logStreamPrefix"]}
        container["logConfiguration"] = former | {
            "logDriver": "awslogs",
            "options": (former.get("options") or {}) | options,
        }
    return container
