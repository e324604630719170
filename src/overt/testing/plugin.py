"""The pytest plugin: fixtures and markers for tests of code that shares state."""
