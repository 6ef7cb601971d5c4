"""Releases to services that CodeDeploy deploys: imported by `engine` for such a service, and by nobody else."""
