"""The wire: requests in, replies out, shaped by botocore's service models. Imported by `sim` only."""
