"""Diagrams read from their sources, never run, and held against what the code imports."""
