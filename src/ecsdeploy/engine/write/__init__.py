"""Writes to AWS exactly once, also where replies are lost: imported by the other rooms of `engine`."""
