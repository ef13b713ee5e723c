"""The comparison of a bone and its fit."""

import numpy as np
import pytest

from femsim.mesh.isosurface import isosurface

pytest.importorskip("pyvista")


@pytest.mark.parametrize("length", [60.0, 320.0], ids=["short", "tall"])
def test_a_bone_and_its_fit_become_a_picture(tmp_path, length):
    from PIL import Image

    from femsim.view.fit_picture import draw

    def capsule(points):
        along = np.clip(points[:, 2], 0.0, length - 40.0)
        return np.linalg.norm(points - along[:, None] * [0.0, 0.0, 1.0], axis=1) - 20.0

    surface = isosurface(capsule, (-26, -26, -26), (26, 26, length + 6), 4.0)
    away = np.linspace(-6.0, 6.0, surface.n_triangles)
    draw(tmp_path / "fit.png", surface, away, surface, title="A bone", under="RMS 1 mm")
    pixels = np.asarray(Image.open(tmp_path / "fit.png").convert("RGB"))
    blue = (pixels[..., 2] > pixels[..., 0].astype(int) + 40).mean()  # where the bone lies inside the fit
    assert blue > 0.02
