"""Documentation and validation sites on which every claim is a link to its evidence."""

__version__ = "0.1.0"
