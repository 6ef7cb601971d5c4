"""What differs by who deploys a service, chosen by `deployer_of`: imported by the other rooms of `engine`."""
