"""Draws what was saved; computes nothing."""
