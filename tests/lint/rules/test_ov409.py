"""OV409: logging is configured outside an entry point."""

from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., list[tuple[str, str, str, int]]]


def test_should_not_report_a_logger_of_ones_own(look: Look) -> None:
    """Should NOT report a logger of ones own."""
    source = """
        import logging
        log = logging.getLogger(__name__)
        log.addHandler(logging.NullHandler())
        logging.getLogger("shop").setLevel("INFO")
    """
    assert [row for row in look(source) if row[0] == "OV409"] == []


def test_should_not_report_an_entry_point_that_configures_logging(look: Look) -> None:
    """Should NOT report an entry point that configures logging."""
    source = """
        import logging

        def main():
            logging.basicConfig(level="INFO")

        if __name__ == "__main__":
            logging.getLogger().setLevel("INFO")
    """
    assert [row for row in look(source) if row[0] == "OV409"] == []


def test_reports_a_library_that_configures_logging(look: Look) -> None:
    """Reports a library that configures logging."""
    source = """
        import logging
        import logging.config
        logging.basicConfig()

        def a():
            logging.getLogger().setLevel("INFO")
            logging.config.dictConfig({})
            root = logging.getLogger()
            logging.root.addHandler(None)
    """
    assert [row for row in look(source) if row[0] == "OV409"] == [
        ("OV409", "warning", "logging.basicConfig", 3),
        ("OV409", "warning", "logging.getLogger.().setLevel", 6),
        ("OV409", "warning", "logging.config.dictConfig", 7),
        ("OV409", "warning", "logging.root.addHandler", 9),
    ]
