"""Holds documents against code and evidence."""
