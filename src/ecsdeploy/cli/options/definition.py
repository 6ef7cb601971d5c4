"""The options that edit the definition: variables and secrets of the containers, and its other parts."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

REPLACE_ONLY = "."
"""The value of `--replace-env` without the name of a container."""
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
        key="replace_env",
        group=Group.VARIABLES,
        is_setting=False,
        names=("--replace-env",),
        metavar="[CONTAINER]",
        bare=REPLACE_ONLY,
        many=True,
        help="Remove every variable that this command line does not set.",
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
PARTS = (
    Option(
        key="command",
        group=Group.PARTS,
        is_setting=False,
        names=("--command",),
        metavar="[CONTAINER=]WORDS",
        many=True,
        secret=True,
        help="The command, as a JSON list or in words that no shell reads; `[]`: the image's own.",
    ),
    Option(
        key="entrypoint",
        group=Group.PARTS,
        is_setting=False,
        names=("--entrypoint",),
        metavar="[CONTAINER=]WORDS",
        many=True,
        secret=True,
        help="The entry point, in the same form.",
    ),
    Option(
        key="cpu",
        group=Group.PARTS,
        is_setting=False,
        names=("--cpu",),
        metavar="[CONTAINER=]N",
        many=True,
        help="CPU units of the container: 512, or 0.5 vCPU.",
    ),
    Option(
        key="memory",
        group=Group.PARTS,
        is_setting=False,
        names=("--memory",),
        metavar="[CONTAINER=]N",
        many=True,
        help="Memory of the container, which ECS stops if it uses more: 1024 (MiB), or 1 GB.",
    ),
    Option(
        key="task_cpu",
        group=Group.PARTS,
        is_setting=False,
        names=("--task-cpu",),
        metavar="N",
        help="CPU units of the whole task: 512, or 0.5 vCPU.",
    ),
    Option(
        key="task_memory",
        group=Group.PARTS,
        is_setting=False,
        names=("--task-memory",),
        metavar="N",
        help="Memory of the whole task: 1024 (MiB), or 1 GB.",
    ),
    Option(
        key="task_role",
        group=Group.PARTS,
        is_setting=False,
        names=("--task-role",),
        metavar="ROLE|none",
        help="The IAM role of the containers: an ARN, a name, or `none`.",
    ),
    Option(
        key="execution_role",
        group=Group.PARTS,
        is_setting=False,
        names=("--execution-role",),
        metavar="ROLE|none",
        help="The IAM role with which ECS starts them: an ARN, a name, or `none`.",
    ),
    Option(
        key="patch",
        group=Group.PARTS,
        is_setting=False,
        names=("--patch",),
        metavar="FILE|JSON",
        many=True,
        secret=True,
        help="Anything else, by a JSON Patch; its paths may name a container, a volume or a variable.",
    ),
)
DEFINITION = (*VARIABLES, *PARTS)
EDITS = tuple(option.key for option in DEFINITION)
"""The options that make a new revision, also without a new image."""
