"""Watches a deployment, poll by poll: imported by the other rooms of `engine`."""
