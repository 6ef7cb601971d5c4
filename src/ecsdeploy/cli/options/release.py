"""The options that say what is released: the service or the family, and the images."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

RELEASE = (
    Option(
        key="cluster",
        group=Group.SUBJECT,
        names=("-c", "--cluster"),
        metavar="NAME",
        help="The cluster, by name or ARN.",
    ),
    Option(
        key="service",
        group=Group.SUBJECT,
        names=("-n", "--service", "--service-name"),
        metavar="NAME",
        help="The service to deploy, by name or ARN.",
    ),
    Option(
        key="task_definition",
        group=Group.SUBJECT,
        script=("-d", "--task-definition"),
        metavar="FAMILY[:N]",
        help="Only register a new revision of this task definition; no service is touched.",
        advice="Register alone with the flag form: `ecs-deploy -d FAMILY -i IMAGE`.",
    ),
    Option(
        key="image",
        group=Group.IMAGE,
        names=("-i", "--image"),
        metavar="[CONTAINER=]REF",
        many=True,
        help="The image to deploy, for every container of the same repository, or for CONTAINER alone; `*` means all."
        " Without a tag: latest.",
    ),
    Option(
        key="tag",
        group=Group.IMAGE,
        names=("--tag",),
        script=("-to", "--tag-only"),
        metavar="TAG",
        help="Set this tag on every image that is not pinned by digest.",
    ),
    Option(
        key="tag_env_var",
        group=Group.IMAGE,
        script=("-e", "--tag-env-var"),
        metavar="NAME",
        help="Take the tag from this environment variable; it overrides the one in the image.",
        advice='Let the shell put it in: `--image "REPOSITORY:$NAME"`.',
    ),
    Option(
        key="eval_image",
        group=Group.IMAGE,
        script=("--eval-image",),
        help="Let /bin/sh evaluate commands in the image. File contents, git describe, git rev-parse and"
        " variables need no shell and no such flag.",
        advice='Let the shell evaluate it: `--image "REPOSITORY:$(COMMAND)"`.',
    ),
    Option(
        key="base",
        group=Group.IMAGE,
        names=("--base",),
        metavar="running|latest|FILE",
        help="The definition to edit: the revision in use (the default), the newest of its family, or a JSON file.",
    ),
    Option(
        key="var",
        group=Group.IMAGE,
        is_setting=False,
        names=("--var",),
        metavar="NAME=VALUE",
        many=True,
        secret=True,
        help="Fill the places ${NAME}, {{NAME}} and <NAME> of the file that --base names.",
    ),
    Option(
        key="revision",
        group=Group.IMAGE,
        names=("--revision",),
        metavar="FAMILY:N",
        is_of_one_run=True,
        help="Deploy this ACTIVE revision (or its ARN) as it is; nothing is edited or registered.",
    ),
    Option(
        key="latest_base",
        group=Group.IMAGE,
        script=("--use-latest-task-def",),
        help="The same as --base latest.",
        same_as="--base latest",
    ),
    Option(
        key="file_base",
        group=Group.IMAGE,
        script=("--task-definition-file",),
        metavar="FILE",
        help="The same as --base FILE.",
        same_as="--base",
    ),
    Option(
        key="copy_task_definition_tags",
        group=Group.IMAGE,
        names=("--copy-task-definition-tags",),
        help="Give the new revision the tags of the one it is made from (the default).",
        script_help="Give the new revision the tags of the one it is made from.",
    ),
    Option(
        key="no_copy_task_definition_tags",
        group=Group.IMAGE,
        names=("--no-copy-task-definition-tags",),
        help="Do not.",
        script_help="Do not (the default).",
    ),
    Option(
        key="tag_revision",
        group=Group.IMAGE,
        names=("--tag-revision",),
        metavar="KEY=VALUE",
        many=True,
        help="Tag the new revision.",
    ),
    Option(
        key="provenance",
        group=Group.IMAGE,
        names=("--provenance",),
        help="Tag it with the commit, the run and who started it, as the CI system says.",
    ),
    Option(
        key="pin_digest",
        group=Group.IMAGE,
        names=("--pin-digest",),
        help="Have ECR resolve the images' tags first: the new revision has digests, and a tag of its own for the"
        " images'.",
    ),
)
