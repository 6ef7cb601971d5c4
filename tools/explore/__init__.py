"""Explores all reachable states of the shipped rollout logic beside a small ECS that may do anything ECS may do."""
