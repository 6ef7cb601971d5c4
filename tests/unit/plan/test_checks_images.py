"""Images that are there, and for the platform of the tasks; and sizes that Fargate has."""

import pytest

from ecsdeploy.model.surroundings import StoredImage
from ecsdeploy.plan.checks.hosting import check_images, is_for_windows, platform
from ecsdeploy.plan.checks.sizes import check_size
from tests.unit.plan.attempts import REGISTRY, attempt, codes, fargate, known, only
from tests.unit.plan.builders import container, definition_of

IMAGE = f"{REGISTRY}/team/app:1"
BOTH = StoredImage(digest="sha256:1", platforms=("linux/amd64", "linux/arm64"))
ARM = StoredImage(digest="sha256:2", platforms=("linux/arm64",))
PLAIN = StoredImage(digest="sha256:3")


def test_f54_an_image_that_ecr_does_not_have_is_refused_once() -> None:
    definition = definition_of(container("a", IMAGE), container("b", IMAGE), container("c", "nginx:1"))
    finding = only(check_images(attempt(definition=definition), known(images={IMAGE: None})))
    assert (finding.code, finding.subjects, finding.blocking) == ("C-IMAGE-MISSING", (IMAGE,), True)


def test_an_image_that_nobody_could_ask_about_is_not_missing() -> None:
    assert list(check_images(attempt(definition=fargate()), known())) == []


@pytest.mark.parametrize(
    ("stored", "architecture", "refused"),
    [
        pytest.param(BOTH, "ARM64", False, id="one of many"),
        pytest.param(ARM, "ARM64", False, id="the one"),
        pytest.param(ARM, "X86_64", True, id="another"),
        pytest.param(ARM, "", True, id="another than the default"),
        pytest.param(PLAIN, "ARM64", False, id="unknown"),
    ],
)
def test_f54_an_image_for_another_platform_is_refused(stored: StoredImage, architecture: str, refused: bool) -> None:
    members = {"runtimePlatform": {"cpuArchitecture": architecture}} if architecture else {}
    findings = list(check_images(attempt(definition=fargate(**members)), known(images={IMAGE: stored})))
    assert codes(findings) == ["C-IMAGE-PLATFORM"] * refused
    if refused:
        assert findings[0].subjects == (IMAGE, "linux/amd64", "linux/arm64")


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        pytest.param({}, "", id="any instance"),
        pytest.param({"requiresCompatibilities": ["EC2"]}, "", id="any instance, said"),
        pytest.param({"requiresCompatibilities": ["EC2", "FARGATE"]}, "linux/amd64", id="fargate"),
        pytest.param(
            {"requiresCompatibilities": ["FARGATE"], "runtimePlatform": {"operatingSystemFamily": "LINUX"}},
            "linux/amd64",
            id="fargate, and no word of the processor",
        ),
        pytest.param({"runtimePlatform": {"cpuArchitecture": "ARM64"}}, "linux/arm64", id="instances with arm"),
        pytest.param({"runtimePlatform": {"cpuArchitecture": "RISCV"}}, "", id="a new one"),
        pytest.param({"runtimePlatform": "arm"}, "", id="broken"),
        pytest.param(
            {"runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
            "windows/amd64",
            id="windows",
        ),
    ],
)
def test_where_tasks_run_is_what_the_definition_says(members: dict[str, object], wanted: str) -> None:
    definition = definition_of(**members)
    assert platform(definition) == wanted
    assert is_for_windows(definition) is wanted.startswith("windows")


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        ("256", "512"),
        ("512", "4096"),
        (".25 vCPU", "0.5 GB"),
        ("1 vCPU", "8GB"),
        (4096, 30720),
        ("8192", "20480"),
        ("16384", "122880"),
        (None, "512"),
        ("512", None),
        ("half", "some"),
    ],
)
def test_sizes_that_fargate_has_or_that_only_ecs_can_judge_pass(cpu: object, memory: object) -> None:
    assert list(check_size(fargate(cpu=cpu, memory=memory))) == []


@pytest.mark.parametrize(("cpu", "memory"), [("256", "4096"), ("512", "512"), ("8192", "17408"), ("300", "512")])
def test_sizes_that_fargate_does_not_have_are_refused(cpu: str, memory: str) -> None:
    finding = only(check_size(fargate(cpu=cpu, memory=memory)))
    assert (finding.code, finding.subjects, finding.blocking) == ("C-FARGATE-SIZE", (cpu, memory), True)


def test_the_newest_size_is_warned_of_alone() -> None:
    finding = only(check_size(fargate(cpu="32768", memory="61440")))
    assert (finding.code, finding.blocking) == ("C-FARGATE-NEW-SIZE", False)


def test_windows_has_fewer_sizes() -> None:
    windows = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    small = fargate(cpu="512", memory="1024", runtimePlatform=windows)
    fitting = fargate(cpu="1024", memory="2048", runtimePlatform=windows)
    assert codes(check_size(small)) == ["C-FARGATE-SIZE"]
    assert codes(check_size(fitting)) == []


def test_instances_have_any_size() -> None:
    assert list(check_size(definition_of(cpu="300", memory="77"))) == []
