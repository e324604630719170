"""The same interfaces on `threading.local`, kept behind a flag for rollback and comparison."""
