"""Samples of documents and docstrings: found, run apart from everything else, and held against what they show."""
