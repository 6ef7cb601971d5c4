"""Which of the values that edits give must not be shown."""

from ecsdeploy.model.edits import SetSecret, SetVariable, UnsetVariable, secrets_in

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:web/db-AbCdEf"


def test_what_looks_like_a_secret_is_learned_and_nothing_else() -> None:
    edits = (
        SetVariable(name="LEVEL", value="debug"),
        SetVariable(name="DB_PASSWORD", value="hunter-9z8y"),
        SetVariable(name="URL", value="postgres://bob:hunter2@db.example.com/web"),
        UnsetVariable(name="TOKEN"),
        SetSecret(name="DB_KEY", source=ARN),
        SetSecret(name="DB_KEY", source="/web/db-key"),
    )
    assert [*secrets_in(edits)] == ["hunter-9z8y", "hunter2"]


def test_a_bare_name_of_a_parameter_may_be_the_secret_itself() -> None:
    assert [*secrets_in([SetSecret(name="DB_PASSWORD", source="hunter-9z8y")])] == ["hunter-9z8y"]
