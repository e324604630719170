"""Tries the gates: plants defects in a copy of the project, and looks whether the suites alarm."""
