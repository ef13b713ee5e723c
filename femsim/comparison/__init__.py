"""Several runs of one patient side by side: what is compared, how it is computed, the table and the ranking."""
