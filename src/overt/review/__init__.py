"""A git range turned into a checklist."""
