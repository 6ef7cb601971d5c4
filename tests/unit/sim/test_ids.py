import re

from ecsdeploy.sim.ground.ids import Ids, arn, last_part


def test_identifiers_have_the_shapes_of_aws() -> None:
    ids = Ids(1)
    assert re.fullmatch(r"[0-9a-f]{32}", ids.hexadecimal())
    assert re.fullmatch(r"\d{19}", ids.number())
    assert re.fullmatch(r"[A-Za-z0-9_-]{21}", ids.suffix())
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids.uuid())


def test_the_same_seed_gives_the_same_identifiers_and_another_seed_others() -> None:
    assert Ids(7).number() == Ids(7).number()
    assert Ids(7).number() != Ids(8).number()


def test_requests_do_not_use_up_the_identifiers_of_resources() -> None:
    quiet, busy = Ids(7), Ids(7)
    for _ in range(5):
        busy.request()
    assert busy.hexadecimal() == quiet.hexadecimal()


def test_an_arn_names_region_account_and_path() -> None:
    assert arn("task", "prod", "abc") == "arn:aws:ecs:us-east-1:123456789012:task/prod/abc"
    assert last_part("arn:aws:ecs:us-east-1:123456789012:task/prod/abc") == "abc"
    assert last_part("abc") == "abc"
