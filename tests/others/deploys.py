"""A deployment that somebody else begins, as tools of others do: by UpdateService, or by CodeDeploy's CreateDeployment.

It is played in virtual time, against the very world that our own client meets.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from tests.others.caller import Caller


class Failed(Exception):
    """The tool ends with an error, and says this."""


def begin(caller: Caller, fill: Mapping[str, str]) -> str:
    """Have the revision deployed as the Action does; the id of CodeDeploy's deployment, or an empty one."""
    service = described(caller, fill)
    controller = service.get("deploymentController", {}).get("type", "ECS")
    if controller == "CODE_DEPLOY":
        return _create(caller, fill, service)
    caller.call("UpdateService", cluster=fill["cluster"], service=fill["service"], taskDefinition=fill["revision"])
    return ""


def described(caller: Caller, fill: Mapping[str, str]) -> Mapping[str, Any]:
    """The service as DescribeServices has it. Errors: `Failed` where there is none."""
    reply = caller.call("DescribeServices", cluster=fill["cluster"], services=[fill["service"]])
    if reply.get("failures"):
        raise Failed(f"{reply['failures'][0]['arn']} is {reply['failures'][0]['reason']}")
    found: Mapping[str, Any] = reply["services"][0]
    return found


def _create(caller: Caller, fill: Mapping[str, str], service: Mapping[str, Any]) -> str:
    """The AppSpec is a file of the user's; it names where the load balancer sends requests."""
    first, name = service["loadBalancers"][0], f"{fill['cluster']}-{fill['service']}"
    balanced = {"ContainerName": first["containerName"], "ContainerPort": first["containerPort"]}
    properties = {"TaskDefinition": fill["revision"], "LoadBalancerInfo": balanced}
    target = {"Type": "AWS::ECS::Service", "Properties": properties}
    appspec = json.dumps({"version": 0.0, "Resources": [{"TargetService": target}]})
    content = {"content": appspec, "sha256": sha256(appspec.encode()).hexdigest()}
    reply = caller.call(
        "CreateDeployment",
        of="codedeploy",
        applicationName=f"AppECS-{name}",
        deploymentGroupName=f"DgpECS-{name}",
        revision={"revisionType": "AppSpecContent", "appSpecContent": content},
    )
    return str(reply["deploymentId"])
