"""Many scenarios from one file: what is varied, where it is computed, and what comes of it."""
