"""Detectors of failed evolutions as others published them, put into our own words.

Each file is one of them: `inspect(evolution) -> bool`. They are written from the published
descriptions, not from the authors' code, and are kept as narrow or as wide as these are. Case is
ignored, which only helps them; apostrophes are taken as they come, as there.
"""
