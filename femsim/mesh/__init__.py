"""Surfaces and tetrahedral meshes: made, repaired, cut, measured, read."""
