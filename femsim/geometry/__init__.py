"""The femur and the meshes of a scenario, made once and kept."""
