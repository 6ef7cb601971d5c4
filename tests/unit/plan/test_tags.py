"""What a new revision is tagged with, and what of it a plan shows; and images that are pinned by digest."""

from ecsdeploy.model.difference import Difference, How
from ecsdeploy.model.edits import PinImages
from ecsdeploy.model.request import DeployRequest, RegisterRequest
from ecsdeploy.model.steps import Plan, Register
from ecsdeploy.model.taskdef import TaskDefinition
from ecsdeploy.model.values import replace
from ecsdeploy.plan.checks import sentence
from ecsdeploy.plan.facts import Facts
from ecsdeploy.plan.planner import plan_deploy, plan_register
from ecsdeploy.plan.revise import revise, tagged
from tests.unit.plan.attempts import RUNNING
from tests.unit.plan.builders import DIGEST, WEB, definition_of, set_image, with_images

BEFORE = (("team", "shop"), ("aws:cloudformation:stack-name", "web"), ("ecs-deploy:commit", "old"))


def base(**members: object) -> TaskDefinition:
    return replace(with_images(app="app:1"), tags=BEFORE, **members)  # type: ignore[arg-type] # of the class


def planned(definition: TaskDefinition, *tags: tuple[str, str]) -> Plan:
    request = DeployRequest(service=WEB, edits=(set_image("app:2"),), tags=tags)
    return plan_deploy(request, RUNNING, Facts(base=definition, current=definition.arn, running=definition))


def registered(plan: Plan) -> TaskDefinition:
    (step,) = (each for each in plan.steps if isinstance(each, Register))
    return step.definition


def test_tags_are_carried_through_but_for_those_of_aws_and_ours() -> None:
    assert tagged(base(), ()).tags == (("team", "shop"),)
    assert tagged(base(), (("team", "web"), ("ecs-deploy:commit", "new"))).tags == (
        ("team", "web"),
        ("ecs-deploy:commit", "new"),
    )


def test_a_plan_shows_the_tags_that_are_added() -> None:
    plan = planned(base(), ("team", "shop"), ("ecs-deploy:commit", "new"), ("new", "1"))
    assert registered(plan).tags == (("team", "shop"), ("ecs-deploy:commit", "new"), ("new", "1"))
    assert [each for each in plan.differences if each.member == "tags"] == [
        Difference(member="tags", name="ecs-deploy:commit", how=How.CHANGED, before="old", after="new"),
        Difference(member="tags", name="new", how=How.ADDED, after="1"),
    ]


def test_tags_that_are_copied_are_no_change() -> None:
    plan = planned(base())
    assert registered(plan).tags == (("team", "shop"),)
    assert [each.member for each in plan.differences] == ["image"]


def test_an_empty_tag_is_added_too() -> None:
    (added,) = (each for each in planned(base(), ("new", "")).differences if each.member == "tags")
    assert added == Difference(member="tags", name="new", how=How.ADDED)


def test_a_registration_is_tagged() -> None:
    request = RegisterRequest(family="web", edits=(set_image("app:2"),), tags=(("new", "1"),))
    plan = plan_register(request, Facts(base=base(), current=base().arn))
    assert registered(plan).tags == (("team", "shop"), ("new", "1"))
    assert plan.differences[-1].member == "tags"


def test_of_a_file_nothing_is_compared() -> None:
    file = TaskDefinition(payload={"family": "web", "containerDefinitions": [{"name": "app", "image": "app:1"}]})
    plan = plan_register(RegisterRequest(family="web", tags=(("new", "1"),)), Facts(base=file, current=""))
    assert (registered(plan).tags, plan.differences) == ((("new", "1"),), ())


def test_tags_that_may_not_be_read_are_a_note() -> None:
    (told,) = planned(base(tags_unread=True)).findings
    assert sentence(told) == (
        "The tags of the revision that the release starts from may not be read, and are not copied."
    )


def test_an_image_is_pinned_and_the_plan_shows_its_digest() -> None:
    pin = PinImages(digests=(("app:2", f"app@{DIGEST}"),), left=("side:1",))
    revised = revise(with_images(app="app:1", side="side:1"), (set_image("app:2"), pin))
    assert revised.definition.images == {"app": f"app@{DIGEST}", "side": "side:1"}
    assert [(each.before, each.after) for each in revised.changes] == [("app:1", f"app@{DIGEST}")]
    assert [sentence(each) for each in revised.findings] == [
        "No private ECR registry has these images, and they are not pinned by digest: `side:1`."
    ]


def test_where_all_is_pinned_nothing_is_said() -> None:
    assert revise(definition_of(), (PinImages(digests=()),)).findings == ()
