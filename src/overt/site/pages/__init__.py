"""The kinds of generated pages, one module each: from inputs to Markdown, touching nothing."""
