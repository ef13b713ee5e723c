"""A second opinion: the same model solved by CalculiX, a program that shares nothing with femsim."""
