"""Feature flags and migration control."""
