"""The options that edit variables and secrets of the containers."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

VARIABLES = (
    Option(
        key="env",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--env",),
        metavar="[CONTAINER:]NAME=VALUE",
        many=True,
        secret=True,
        help="Set a variable, of the only (essential) container, or of CONTAINER; `*` means all. Other processes can"
        " read it; prefer --env-file for a value that they must not see, and --secret for a secret.",
    ),
    Option(
        key="unset_env",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--unset-env",),
        metavar="[CONTAINER:]NAME",
        many=True,
        help="Remove a variable.",
    ),
    Option(
        key="env_file",
        group=Group.VARIABLES,
        names=("--env-file",),
        metavar="[CONTAINER=]FILE",
        many=True,
        help="Set the variables of a dotenv file; --env wins over it.",
    ),
    Option(
        key="secret",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--secret",),
        metavar="[CONTAINER:]NAME=REF",
        many=True,
        secret=True,
        help="Have ECS read a variable from REF: an ARN of Secrets Manager or Parameter Store, or the name of a"
        " parameter.",
    ),
    Option(
        key="unset_secret",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--unset-secret",),
        metavar="[CONTAINER:]NAME",
        many=True,
        help="Remove such a variable.",
    ),
)
