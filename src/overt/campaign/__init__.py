"""`overt.toml` read into typed records."""
