"""The operating system behind a few plain functions: processes, files, git, time, text."""
