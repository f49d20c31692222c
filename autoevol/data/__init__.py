"""Rows in, whatever they look like, and what a set of rows is like: copies, splits, diversity."""
