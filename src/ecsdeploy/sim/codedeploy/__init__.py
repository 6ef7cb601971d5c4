"""CodeDeploy: blue/green deployments of services under the CODE_DEPLOY controller. Imported by `sim` only."""
