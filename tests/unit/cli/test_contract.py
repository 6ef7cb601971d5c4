"""The flag form's exit codes and texts (dropin.md, B.2), and the order of its checks."""

from __future__ import annotations

import pytest

from tests.unit.cli.builders import FAMILY, IMAGE, WEB, Api, ran

NO_SUBJECT = (
    "One of SERVICE or TASK DEFINITION is required. You can pass the value using -n / --service-name for a service, "
    "or -d / --task-definition for a task"
)
TWO_SUBJECTS = "Only one of SERVICE or TASK DEFINITION may be specified, but you supplied both"
NO_CLUSTER = "CLUSTER is required. You can pass the value using -c or --cluster"
NO_IMAGE = "IMAGE is required. You can pass the value using -i or --image"
NOT_NUMERIC = "MAX_DEFINITIONS must be numeric, or not defined."
LAUNCH = "LAUNCH TYPE requires setting RUN TASK argument. You can set it using --run-task flag."
NETWORK = "NETWORK CONFIGURATION requires setting RUN TASK argument. You can set it using --run-task flag."
WAIT = "WAIT FOR SUCCESS requires setting RUN TASK argument. You can set it using --run-task flag."
TASK_INPUT = "RUN TASK INPUT requires setting RUN TASK argument. You can set it using --run-task flag."
PLATFORM = "PLATFORM VERSION requires setting RUN TASK argument. You can set it using --run-task flag."

I = ("-i", IMAGE)  # noqa: E741 - it is the option's name
CASES = [
    pytest.param(("-c", "prod", *I), 5, NO_SUBJECT, id="5 neither service nor definition"),
    pytest.param(("",), 5, NO_SUBJECT, id="5 an empty argument is skipped"),
    pytest.param(("-n", "", *I), 5, NO_SUBJECT, id="5 an empty value is not given"),
    pytest.param(("-n", "web", "-d", "web", *I), 6, TWO_SUBJECTS, id="6 both"),
    pytest.param(("-n", "web", *I), 7, NO_CLUSTER, id="7 service without cluster"),
    pytest.param((*FAMILY, "--run-task", *I), 7, NO_CLUSTER, id="7 task without cluster (D13)"),
    pytest.param(WEB, 8, NO_IMAGE, id="8 no image"),
    pytest.param(FAMILY, 8, NO_IMAGE, id="8 no image for a definition"),
    pytest.param((*WEB, "--task-definition-file", "x.json"), 8, NO_IMAGE, id="8 a file names no image"),
    pytest.param((*WEB, *I, "--max-definitions", "many"), 9, NOT_NUMERIC, id="9 a word"),
    pytest.param((*WEB, *I, "--max-definitions", "1.5"), 9, NOT_NUMERIC, id="9 a fraction"),
    pytest.param((*WEB, *I, "--max-definitions", "--5"), 9, NOT_NUMERIC, id="9 two signs"),
    pytest.param((*WEB, *I, "--max-definitions", "-"), 9, NOT_NUMERIC, id="9 a sign alone"),
    pytest.param((*WEB, *I, "--launch-type", "EC2"), 10, LAUNCH, id="10 launch type"),
    pytest.param((*WEB, *I, "--network-configuration", "x"), 11, NETWORK, id="11 network"),
    pytest.param((*FAMILY, *I, "--wait-for-success"), 11, WAIT, id="11 wait"),
    pytest.param((*FAMILY, *I, "--run-task-input", "x.json"), 11, TASK_INPUT, id="11 task input"),
    pytest.param((*FAMILY, *I, "--platform-version", "1.4.0"), 12, PLATFORM, id="12 platform"),
]

ORDER = [
    pytest.param(("-c", "prod", "--max-definitions", "x", "--launch-type", "EC2"), 5, id="5 before the rest"),
    pytest.param(("-n", "w", "-d", "w", "--launch-type", "EC2"), 6, id="6 before 7 and 8"),
    pytest.param(("-n", "w", "--max-definitions", "x"), 7, id="7 before 8 and 9"),
    pytest.param((*WEB, "--max-definitions", "x"), 8, id="8 before 9"),
    pytest.param((*WEB, *I, "--max-definitions", "x", "--launch-type", "EC2"), 9, id="9 before 10"),
    pytest.param((*WEB, *I, "--launch-type", "EC2", "--wait-for-success"), 10, id="10 before 11"),
    pytest.param((*WEB, *I, "--wait-for-success", "--platform-version", "1"), 11, id="11 before 12"),
    pytest.param((*WEB, "-i", "", "--platform-version", "1"), 12, id="12 before 13"),
    pytest.param((*WEB, "-i", "", "--wat"), 3, id="an unknown option before everything"),
]


@pytest.mark.parametrize(("argv", "code", "text"), CASES)
def test_a_check_fails_with_the_script_s_code_and_text(argv: tuple[str, ...], code: int, text: str, api: Api) -> None:
    run = ran(argv)
    assert (run.code, run.stdout) == (code, f"{text}\n")
    assert run.stderr == ""
    assert api.accesses == []


@pytest.mark.parametrize(("argv", "code"), ORDER)
def test_checks_come_in_the_script_s_order(argv: tuple[str, ...], code: int, api: Api) -> None:
    assert ran(argv).code == code
    assert api.accesses == []


@pytest.mark.parametrize("image", ["", "team/UPPER", "my image", "a:b:c", "web@sha256:12", "://", "web:" + "t" * 129])
def test_an_image_that_does_not_parse_is_13(image: str, api: Api) -> None:
    run = ran((*WEB, "-i", image))
    assert run.code == 13
    assert run.stdout == f"Unable to parse image name: {image}, check the format and try again\n"
    assert run.stderr.count("\n") == 1
    assert api.accesses == []


def test_under_json_the_script_s_text_leaves_stdout_alone(api: Api) -> None:
    run = ran((*WEB, "--output", "json"))
    assert (run.code, run.stdout, run.stderr) == (8, "", f"{NO_IMAGE}\n")


@pytest.mark.parametrize("text", ["", "0", "-3", "12"])
def test_max_definitions_takes_what_the_script_takes(text: str, api: Api) -> None:
    assert ran((*WEB, *I, "--max-definitions", text)).code == 0


WRONG_VALUES = [
    pytest.param(("-t", "abc"), "`-t`", id="timeout a word"),
    pytest.param(("-t", "0"), "`-t`", id="timeout zero"),
    pytest.param(("-t", "-5"), "`-t`", id="timeout negative"),
    pytest.param(("--timeout", "15m"), "`--timeout`", id="timeout with a unit"),
    pytest.param(("-D", "two"), "`-D`", id="desired count a word"),
    pytest.param(("-D", "-1"), "`-D`", id="desired count negative"),
    pytest.param(("-m", "101"), "`-m`", id="min above what ECS takes"),
    pytest.param(("-M", "99"), "`-M`", id="max below what ECS takes"),
    pytest.param(("-a", "deployer"), "`arn:aws:iam::123456789012:role/NAME`", id="a role by its name"),
    pytest.param(("-a", "arn:aws:sts::123456789012:assumed-role/a/b"), "`-a`", id="an assumed role"),
    pytest.param(("-m", "50%"), "`-m`", id="min with a sign"),
    pytest.param(("--max", "²"), "`--max`", id="max a foreign digit"),
    pytest.param(("--wait-until", "done"), "`--wait-until`", id="wait-until"),
    pytest.param(("--on-failure", "panic"), "`--on-failure`", id="on-failure"),
    pytest.param(("--keep", "0"), "`--keep`", id="keep nothing"),
    pytest.param(("--output", "live"), "`--output live`", id="live without a terminal"),
    pytest.param(("--output", "xml"), "`--output`", id="output"),
    pytest.param(("--endpoint-url", "localhost"), "`--endpoint-url`", id="endpoint without a scheme"),
    pytest.param(("--endpoint-url", "http://"), "`--endpoint-url`", id="endpoint without a host"),
    pytest.param(("--endpoint-url", "http://a:b"), "`--endpoint-url`", id="endpoint without a port"),
    pytest.param(("--color", "blue"), "`--color`", id="color"),
    pytest.param(("--detach", "--wait-until", "healthy"), "`--detach`", id="two answers"),
]


@pytest.mark.parametrize(("extra", "named"), WRONG_VALUES)
def test_a_wrong_value_is_1_and_named(extra: tuple[str, ...], named: str, api: Api) -> None:
    run = ran((*WEB, *I, *extra))
    assert (run.code, run.stdout) == (1, "")
    assert named in run.stderr
    assert run.stderr.count("\n") == 1
    assert api.accesses == []
