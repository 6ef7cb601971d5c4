"""Which deployment is ours: one rule for all who take a deployment out of a reply of AWS's.

A deployment is ours by its id once we know the id. Before that, it is ours if it brings the revision that we asked for
and was not there before our write. A service deployment is ours if the service revision that it leads to has the
digits of our deployment's id.
"""

from __future__ import annotations

from collections.abc import Collection

from ecsdeploy.model.arn import deployment_number, revision_name
from ecsdeploy.model.service import Deployment


def is_new_of(each: Deployment, revision: str, before: Collection[str]) -> bool:
    """Whether a deployment brings `revision`, and is none of those that stood `before` (their ids)."""
    return each.id not in before and brings(each, revision)


def brings(each: Deployment, revision: str) -> bool:
    """Whether a deployment is of `revision`, an ARN or `family:number`; names do, as a service is in one account."""
    return bool(revision) and revision_name(each.task_definition) == revision_name(revision)


def leads_to(target_revision: str, deployment_id: str) -> bool:
    """Whether a service deployment with this target (a service revision's ARN) is that of a deployment of ours."""
    return bool(target_revision) and deployment_number(target_revision) == deployment_number(deployment_id)
