"""Markdown with exact places: text, code, links, fences. Read, never rendered."""

from overt.markdown.document import CodeSpan, Comment, Document, Fence, Heading, Link, Prose, scan

__all__ = ["CodeSpan", "Comment", "Document", "Fence", "Heading", "Link", "Prose", "scan"]
