"""The GitHub Action: inputs in, one or two command lines, outputs out. It imports `ecsdeploy`; nothing imports it.

`action.yml` runs it as `python -m action`. What the inputs mean is decided in `vocabularies`, `ours`, `official` and
`script`, which are pure; `entry` is the edge.
"""
