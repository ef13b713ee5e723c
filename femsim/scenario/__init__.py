"""The question as a file: its sections, how it is read, and how it is written with every default."""
