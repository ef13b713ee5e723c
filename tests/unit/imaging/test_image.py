"""An image answers at places in the patient, in either frame."""

import numpy as np
import pytest

from femsim.imaging.image import Image, averaged, cropped, holds, in_frame, resampled, sampled


def askew(shape=(12, 14, 16), seed=1) -> Image:
    """An image of a linear field, turned in space, with unequal voxel edges; and so its values are known anywhere."""
    random = np.random.default_rng(seed)
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    affine = np.eye(4)
    affine[:3, :3] = turn * [0.7, 0.9, 1.3]
    affine[:3, 3] = (5, -30, 12)
    index = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1).reshape(-1, 3)
    places = index @ affine[:3, :3].T + affine[:3, 3]
    return Image(linear(places).reshape(shape), affine, "RAS")


def linear(places):
    return places @ [3.0, -2.0, 5.0] + 40.0


def inner(image: Image, n=200, rim=2.0) -> np.ndarray:
    random = np.random.default_rng(2)
    return image.places(rim + random.random((n, 3)) * (np.array(image.shape) - 1 - 2 * rim))


def test_a_linear_field_is_sampled_exactly():
    image = askew()
    points = inner(image)
    assert sampled(image, points) == pytest.approx(linear(points), abs=1e-3)


def test_the_mean_of_a_linear_field_over_a_cube_is_its_value_in_the_middle():
    image = askew()
    points = inner(image, rim=3)
    spans = np.linspace(0.1, 2.0, len(points))
    assert averaged(image, points, spans) == pytest.approx(linear(points), abs=1e-3)


def test_averaging_takes_noise_away_by_the_root_of_the_number_of_voxels():
    noise = np.random.default_rng(0).normal(0, 100, (60, 60, 60)).astype(np.float32)
    image = Image(noise, np.eye(4), "LPS")
    points = inner(image, 2000, rim=6)
    # A cube of 5 voxels' edge holds 125 of them; trilinear values share their neighbours, hence the margin.
    assert averaged(image, points, np.full(len(points), 5.0)).std() == pytest.approx(100 / 125**0.5, rel=0.2)


def test_the_other_frame_turns_x_and_y():
    image = askew()
    points = inner(image)
    other = in_frame(image, "LPS")
    assert other.frame == "LPS"
    assert sampled(other, points * [-1, -1, 1]) == pytest.approx(linear(points), abs=1e-3)
    assert in_frame(other, "RAS").affine == pytest.approx(image.affine)


def test_an_image_in_nobodys_frame_is_not_turned():
    with pytest.raises(ValueError, match="frames"):
        in_frame(Image(np.zeros((2, 2, 2)), np.eye(4)), "LPS")


def test_it_holds_places_up_to_the_outer_faces_of_its_voxels():
    image = Image(np.zeros((4, 4, 4)), np.diag([2.0, 2.0, 2.0, 1.0]))
    assert holds(image, [[-0.9, 0, 0], [-1.1, 0, 0], [6.9, 6.9, 6.9], [7.1, 6, 6]]).tolist() == [True, False] * 2


def test_a_part_has_the_same_values_at_the_same_places():
    image = askew()
    points = inner(image, rim=4)
    part = cropped(image, points, 1.0)
    assert np.prod(part.shape) < np.prod(image.shape)
    assert sampled(part, points) == pytest.approx(linear(points), abs=1e-3)


def test_resampling_keeps_the_box_and_the_values():
    image = askew()
    fine = resampled(image, 0.4)
    assert fine.spacing == pytest.approx([0.4] * 3, rel=0.1)
    assert np.array(fine.shape) * fine.spacing == pytest.approx(np.array(image.shape) * image.spacing)
    points = inner(image)
    assert sampled(fine, points) == pytest.approx(linear(points), abs=1e-2)


def test_its_values_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        askew().values[0, 0, 0] = 1
