"""What documents name, and whether it exists: one resolver a file, each sure of what it refutes."""
