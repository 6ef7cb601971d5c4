"""Releases to real containers behind a real load balancer's HTTP, on an emulator of others; imported by nobody."""
