"""Requests and replies as bytes, checked against botocore's service models. Imported by `sim` only."""
