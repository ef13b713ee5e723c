"""Compiled loops over matrices and vectors: arrays in, arrays filled."""
