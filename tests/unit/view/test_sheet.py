"""A value has the colour of the step it lies in."""

import numpy as np

from femsim.view.sheet import stepped


def test_each_value_has_the_colour_of_its_step():
    scale = stepped("risk", (0.0, 0.5, 1.0), "viridis", above=(1.0, 0.0, 1.0))
    colours = scale.colour(np.array([0.0, 0.49, 0.5, 0.99, 1.0, 1.01, np.nan]))
    np.testing.assert_array_equal(colours[:2], scale.colours[[0, 0]])
    np.testing.assert_array_equal(colours[2:5], scale.colours[[1, 1, 1]])
    np.testing.assert_array_equal(colours[5], (1, 0, 1))
    np.testing.assert_array_equal(colours[6], scale.undefined)


def test_without_a_colour_beyond_it_the_last_step_holds():
    scale = stepped("density", (0.0, 1.0, 2.0), "cividis")
    np.testing.assert_array_equal(scale.colour(np.array([-1.0, 3.0])), scale.colours)
