"""Prices and carts of a small shop."""
