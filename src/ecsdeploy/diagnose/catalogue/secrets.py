"""Causes that show while ECS reads what a definition only names: secrets, parameters, files of variables.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
"""

from __future__ import annotations

from ecsdeploy.diagnose.known_cause import GUIDE, Aspect, KnownCause, Permanence, initializing, pattern

_SECRETS = f"{GUIDE}specifying-sensitive-data.html"
_GRANTED = "a missing permission stays missing until somebody grants it"
_PULL_SECRETS = "ResourceInitializationError: unable to pull secrets or registry auth: "
_RETRIEVE = f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secret from asm: "
_BY_SECRET = (Aspect.SECRET, Aspect.EXECUTION_ROLE)

SECRETS = (
    KnownCause(
        code="E-SECRET-KEY",
        meaning="a secret of the task cannot be decrypted: its KMS key may not be used",
        remedy="Let the execution role `{role}` use the secret's key: `kms:Decrypt`, and the key's own policy.",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_SECRETS,
        patterns=(
            initializing(
                "Access to KMS is not allowed|kms:Decrypt|KMS\\w*Exception|ciphertext refers",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "eu-central-1:111122223333:secret:db-EaPYTy from secrets manager: AccessDeniedException: Access to KMS "
                "is not allowed",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    KnownCause(
        code="E-SECRET-FIELD",
        meaning="a secret of the task lacks the JSON key that the definition asks for",
        remedy="Add the key to the secret, or correct it in the definition's `valueFrom`.",
        permanence=Permanence.PERMANENT,
        because="the secret was read, and has no such key",
        link=f"{GUIDE}secrets-envvar-secrets-manager.html",
        patterns=(
            initializing(
                "did not contain json key",
                f"{_RETRIEVE}service call has been retried 1 time(s): retrieved secret from Secrets Manager did not "
                "contain json key API_KEY",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    KnownCause(
        code="E-PARAMETER-NOT-FOUND",
        meaning="a parameter of the task does not exist in Parameter Store",
        remedy="Create the parameter in the task's Region, or correct its name in the definition's `secrets`.",
        permanence=Permanence.PERMANENT,
        because="Parameter Store answered that it has no such parameter",
        link=f"{GUIDE}secrets-envvar-ssm-paramstore.html",
        patterns=(
            initializing(
                "invalid (?:ssm )?parameters|ParameterNotFound",
                f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secrets from ssm: "
                "service call has been retried 1 time(s): invalid ssm parameters: /web/key",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    KnownCause(
        code="E-SECRET-NOT-FOUND",
        meaning="a secret of the task does not exist in Secrets Manager",
        remedy="Create the secret in the task's Region, or correct its ARN in the definition's `secrets`.",
        permanence=Permanence.PERMANENT,
        because="Secrets Manager answered that it has no such secret",
        link=f"{GUIDE}secrets-envvar-secrets-manager.html",
        patterns=(
            initializing(
                "secret.*(?:ResourceNotFoundException|find the specified secret|check whether the secret exists)",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "eu-west-1:111122223333:secret:db from secrets manager: ResourceNotFoundException: Secrets Manager "
                "can't find the specified secret.",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    KnownCause(
        code="E-SECRET",
        meaning="a secret or parameter of the task may not be read",
        remedy="Check that each secret exists and that the execution role `{role}` may read it.",
        permanence=Permanence.PERMANENT,
        because=_GRANTED,
        link=_SECRETS,
        patterns=(
            initializing(
                "(?:secret|parameter|ssm).*(?:AccessDenied|not authorized|access denied)",
                f"{_RETRIEVE}service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:"
                "us-east-1:111122223333:secret:prod/db-AbCdEf from secrets manager: AccessDeniedException",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
    KnownCause(
        code="E-ENV-FILE",
        meaning="an environment file of the task cannot be downloaded",
        remedy="Check that the object exists in S3, that the execution role `{role}` may read it, and the route to S3.",
        permanence=Permanence.UNCLEAR,
        because="the text does not always say whether the file is missing, denied or out of reach",
        link=f"{GUIDE}use-environment-file.html",
        patterns=(
            initializing(
                "failed to download env files",
                "ResourceInitializationError: failed to download env files: file download command: non empty error "
                "stream",
            ),
        ),
        explained_by=(Aspect.VARIABLE_FILE, Aspect.EXECUTION_ROLE),
    ),
    KnownCause(
        code="E-SECRET-UNREAD",
        meaning="ECS cannot get the secrets of the task, or its login to the registry",
        remedy="Read the reason; check each secret, the execution role `{role}`, and the route to the service.",
        permanence=Permanence.UNCLEAR,
        because="the text does not say whether it can pass",
        link=_SECRETS,
        patterns=(
            initializing(
                "unable to pull secrets or registry auth|retrieve (?:the )?secret|execution role credentials|SSM client"
                "|Secrets Manager|Parameter Store",
                f"{_RETRIEVE}service call has been retried 1 time(s): InternalServiceError",
            ),
            pattern(
                "invalid ARN format for the AWS Secrets Manager secret|unable to create SSM client",
                "an invalid ARN format for the AWS Secrets Manager secret was specified. Specify a valid ARN and try "
                "again.",
            ),
        ),
        explained_by=_BY_SECRET,
    ),
)
