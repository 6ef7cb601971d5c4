"""What differs between services that ECS and CodeDeploy deploy: imported by the other rooms of `engine`."""
