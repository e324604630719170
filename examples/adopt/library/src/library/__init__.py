"""Loans of a public library."""
