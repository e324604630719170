"""Runbooks that are rehearsed."""
