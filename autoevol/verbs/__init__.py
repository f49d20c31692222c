"""The verbs: one file each, named as its command."""
