"""Result files of other tools, in any language, read into records."""

from overt.evidence.importers.files import guess_format, read_results
from overt.evidence.importers.imported import Imported

__all__ = ["Imported", "guess_format", "read_results"]
