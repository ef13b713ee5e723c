"""Compiled loops over elements and nodes: arrays in, arrays filled."""
