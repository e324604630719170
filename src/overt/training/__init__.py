"""Exercises with checks."""
