"""Finite elements: integration points, assembly, supports, recovery. They know stiffness and force, but no bone."""
