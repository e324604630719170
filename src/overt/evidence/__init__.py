"""The ledger: what was measured, by what, on what."""
