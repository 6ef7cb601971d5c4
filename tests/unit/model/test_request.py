"""What the user's requests are compared by."""

from ecsdeploy.model.request import Sizing


def test_sizings_can_be_told_apart_in_a_set_whatever_configuration_they_send() -> None:
    rolling, shifting = (Sizing(desired_count=2, deployment={"strategy": each}) for each in ("ROLLING", "BLUE_GREEN"))
    again = Sizing(desired_count=2, deployment={"strategy": "ROLLING"})
    assert {rolling, shifting, again} == {rolling, shifting}
