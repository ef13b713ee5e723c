"""The answer as a folder: identity, fields, numbers, provenance."""
