"""Pages from files and evidence."""
