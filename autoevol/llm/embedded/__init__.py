"""Embedded models: open weights that are fetched, verified and served inside this process.

Decides nothing itself. `manifest` says which models are known, `cache` where their files lie and
when one is trusted, `pull` in which order it is looked for (`hub`, `index`, into a `growing` file),
`runtime` and `serve` how it is served. The seam to the rest is `llm.local`.
"""
