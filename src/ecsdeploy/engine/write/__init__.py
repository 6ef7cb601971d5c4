"""Writes to AWS exactly once, even if replies are lost: imported by the other rooms of `engine`."""
