"""What a release of many services costs: the client alone, in virtual time, against a simulator in another process."""
