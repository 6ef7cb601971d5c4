"""The options that nearly every command has: which AWS, as whom, and how the run is shown."""

from __future__ import annotations

from ecsdeploy.cli.options.option import Group, Option

_CREDENTIALS = "Use `--profile`, or the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`."
VERSION = Option(key="version", names=("--version",), is_setting=False, help="Print the version.")
AROUND = (
    Option(
        key="env_name",
        group=Group.AWS,
        names=("--env-name",),
        metavar="NAME",
        variable_name="env",
        is_of_one_run=True,
        help="The environment whose settings count: `[env.NAME]` in `ecs-deploy.toml`.",
        script_help="Refused: this form reads no settings.",
    ),
    Option(
        key="expect_account",
        group=Group.AWS,
        names=("--expect-account",),
        metavar="ID",
        help="Refuse to touch a service of any other AWS account.",
    ),
    Option(key="region", group=Group.AWS, names=("-r", "--region"), metavar="REGION", help="The AWS Region."),
    Option(
        key="profile",
        group=Group.AWS,
        names=("-p", "--profile"),
        metavar="NAME",
        help="A profile of the AWS configuration.",
    ),
    Option(
        key="access_key",
        group=Group.AWS,
        script=("-k", "--aws-access-key"),
        metavar="KEY",
        secret=True,
        help="An access key id. Other processes can read it; prefer the environment or a profile.",
        advice=_CREDENTIALS,
    ),
    Option(
        key="secret_key",
        group=Group.AWS,
        script=("-s", "--aws-secret-key"),
        metavar="KEY",
        secret=True,
        help="Its secret key. Other processes can read it too.",
        advice=_CREDENTIALS,
    ),
    Option(
        key="instance_profile",
        group=Group.AWS,
        script=("--aws-instance-profile",),
        help="Use the role of the instance or container and no other credentials.",
        advice="Leave it out: without other credentials, that role is used.",
    ),
    Option(
        key="assume_role",
        group=Group.AWS,
        names=("--assume-role",),
        script=("-a", "--aws-assume-role"),
        metavar="ARN",
        help="Assume this role first.",
    ),
    Option(
        key="external_id",
        group=Group.AWS,
        names=("--external-id",),
        metavar="ID",
        secret=True,
        help="The external id that the role asks for.",
    ),
    Option(
        key="endpoint_url",
        group=Group.AWS,
        names=("--endpoint-url",),
        metavar="URL",
        help="Talk to this endpoint instead of AWS.",
    ),
    Option(
        key="output",
        names=("--output",),
        metavar="live|lines|json",
        help="Lines of text, or one JSON object a line, the last being the result.",
    ),
    Option(key="color", names=("--color",), metavar="auto|always|never", help="Colours in text (auto)."),
    Option(key="quiet", names=("--quiet",), help="No progress, only how it ended."),
    Option(key="verbose", names=("-v", "--verbose"), help="Log each API call on stderr, without secrets."),
    Option(
        key="debug_file",
        names=("--debug-file",),
        metavar="PATH",
        help="Write that log to a file, with times, the version, the command line and where an error arose.",
    ),
    Option(
        key="junit",
        names=("--junit",),
        metavar="FILE",
        help="Write how it ended as a JUnit test suite to a file, for the CI system: checks, watch, after.",
    ),
    Option(
        key="report",
        names=("--report",),
        metavar="FILE",
        help="Write how it went as a page for browsers to a file: verdict, causes, time line, events, plan, logs.",
    ),
    Option(
        key="notify",
        is_of_one_run=True,
        names=("--notify",),
        metavar="URL",
        many=True,
        secret=True,
        help="Tell a webhook how it ended: the JSON result, or a message with slack+https://. Others can read a command"
        " line, and whoever has the address can write there: commands also take it from ECS_DEPLOY_NOTIFY.",
    ),
    Option(
        key="record",
        is_setting=False,
        names=("--record",),
        metavar="FILE",
        help="Write what AWS was asked and said to a file, without secrets and values of variables; `replay` runs it"
        " again.",
    ),
    Option(key="no_input", names=("--no-input",), help="Never ask anything; Ctrl-C then does what SIGTERM does."),
    VERSION,
    Option(key="help", names=("-h", "--help"), is_setting=False, help="Print this help."),
)
