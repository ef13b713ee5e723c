"""Peak hip forces of the ten OrthoLoad patients: how much people differ.

Source
------
Bergmann et al. 2016, PLoS ONE 11:e0155612, peak forces of patients H1 … H10 as given with HipJointForceModel (RWTH
Aachen). Resultants and components are means over both peaks ±2.5 % of the cycle; SDs are between patients. Left legs
are mirrored. % body weight: lateral, anterior, proximal.
"""

from femsim.loads.activity import Spread

_SOURCE = "OrthoLoad, instrumented hips in the Bergmann 2016 femur frame, as given with HipJointForceModel"

LEVEL_WALKING = Spread(
    mean=247.0,
    sd=20.0,
    low=217.0,
    high=282.0,
    mean_vector=(67.7, -23.6, -235.8),
    sd_vector=(14.3, 14.5, 19.0),
    n_subjects=10,
    subjects=(
        (71.8, -28.8, -216.3),
        (58.4, -24.3, -239.7),
        (38.7, -25.0, -224.9),
        (68.9, -26.7, -234.0),
        (85.0, -16.3, -268.1),
        (68.0, -56.2, -234.8),
        (68.2, -5.8, -254.8),
        (89.8, -30.8, -253.1),
        (57.8, -16.5, -227.7),
        (70.4, -5.7, -204.7),
    ),
    source=_SOURCE,
)
ONE_LEGGED_STANCE = Spread(
    mean=261.0,
    sd=29.0,
    low=219.0,
    high=328.0,
    mean_vector=(73.6, -15.0, -248.8),
    sd_vector=(19.5, 13.9, 27.3),
    n_subjects=10,
    subjects=(
        (66.8, -25.7, -207.4),
        (70.1, -24.4, -253.4),
        (33.2, -29.4, -249.6),
        (77.1, -13.8, -235.8),
        (109.5, -4.4, -309.1),
        (72.0, -38.8, -243.2),
        (80.6, -6.5, -251.9),
        (89.7, -0.6, -245.1),
        (62.3, -9.3, -269.8),
        (75.0, 3.1, -222.6),
    ),
    source=_SOURCE,
)
STANDING_UP = Spread(
    mean=215.0,
    sd=69.0,
    low=172.0,
    high=390.0,
    mean_vector=(86.0, -23.0, -195.0),
    sd_vector=(38.0, 16.0, 59.0),
    n_subjects=9,
    subjects=(
        (88.2, -6.6, -164.2),
        (48.7, -32.9, -173.3),
        (67.8, -39.9, -193.5),
        (179.0, -32.6, -344.5),
        (73.4, -20.1, -154.7),
        (79.5, -15.7, -209.4),
        (99.4, -49.0, -190.7),
        (63.2, -8.6, -164.4),
        (75.4, -5.6, -155.7),
    ),
    source=_SOURCE,
)
