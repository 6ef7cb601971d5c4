"""ListAccountSettings.

Nobody has set any, so the effective settings are AWS's defaults.
"""

from __future__ import annotations

from ecsdeploy.sim.ground.errors import invalid
from ecsdeploy.sim.ground.ids import ACCOUNT
from ecsdeploy.sim.services.replies.paging import PageSize, page
from ecsdeploy.sim.state.region import Region
from ecsdeploy.sim.state.service import Json

_PAGE = PageSize(default=10, most=10)
_DEFAULTS = {
    "serviceLongArnFormat": "enabled",
    "taskLongArnFormat": "enabled",
    "containerInstanceLongArnFormat": "enabled",
    "awsvpcTrunking": "disabled",
    "containerInsights": "disabled",
    "fargateFIPSMode": "disabled",
    "tagResourceAuthorization": "off",
    "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off",
    "defaultLogDriverMode": "non-blocking",
    "fargateEventWindows": "disabled",
}


def list_settings(_: Region, request: Json) -> Json:
    """ListAccountSettings. It lists defaults only with `effectiveSettings`.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListAccountSettings.html
    """
    name, value = request.get("name"), request.get("value")
    if name not in (None, *_DEFAULTS):
        raise invalid(f"name should be one of [{','.join(_DEFAULTS)}]")
    if value is not None and name is None:
        raise invalid("A setting name is required to filter by value.")
    found = [
        {"name": each, "value": setting, "principalArn": f"arn:aws:iam::{ACCOUNT}:root", "type": _set_by(each)}
        for each, setting in _DEFAULTS.items()
        if request.get("effectiveSettings") and name in (None, each) and value in (None, setting)
    ]
    part, rest = page(found, request, _PAGE)
    return {"settings": part, **rest}


def _set_by(name: str) -> str:
    """The `type` of a setting: AWS sets the one of GuardDuty, users set the others."""
    return "aws_managed" if name == "guardDutyActivate" else "user"


OPERATIONS = {"ListAccountSettings": list_settings}
