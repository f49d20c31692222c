"""The report: one self-contained HTML file about a run folder.

`source` reads the folder, the sections' files make numbers and pictures of it, `page` puts them
into the templates, `writing` writes the file. Nothing here asks a model or changes a run.
"""
