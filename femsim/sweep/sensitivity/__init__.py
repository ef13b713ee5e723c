"""Which factors of a finished sweep matter, and how much, whatever the failed cases leave of it."""
