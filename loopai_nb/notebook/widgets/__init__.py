"""Widgets, one Python file and one ES module each: ``make widgets`` builds ``src/`` into ``static/``."""
