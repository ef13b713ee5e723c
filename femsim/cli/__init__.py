"""The command line: the only place that prints, and the only one that ends the process."""

from femsim.cli.main import main

__all__ = ["main"]
