"""A disk that fills up at any byte of the result file is told as that, never as a fault of HDF5."""

import errno
import resource
import signal
from dataclasses import replace

import numpy as np
import pytest

from femsim.results import record, vtkhdf


@pytest.fixture
def written(small_run, tmp_path):
    """Write a result that is larger than what HDF5 keeps in memory; its file."""
    operated, intact = small_run.outcomes()
    frames = operated.shown_frames
    bodies = [record.body(outcome, small_run.maps(operated, intact)) for outcome in (operated, intact)]
    often = 300
    bodies = [
        replace(
            body,
            point_fields={name: np.tile(values, (often, 1, 1)) for name, values in body.point_fields.items()},
            cell_fields={name: values for name, values in body.cell_fields.items() if len(values) == 1},
        )
        for body in bodies
    ]

    def write():
        vtkhdf.write(tmp_path / "result.vtkhdf", bodies, np.arange(often * len(frames)))
        return tmp_path / "result.vtkhdf"

    return write


@pytest.fixture
def limited():
    """Make files end at a size, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_wherever_the_disk_is_full_the_reason_is_given_and_nothing_is_left(written, limited):
    file = written()
    size = file.stat().st_size
    file.unlink()
    for share in (0.0, 0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        limited(int(share * size))
        with pytest.raises(OSError) as caught:
            written()
        assert caught.value.errno == errno.EFBIG
        assert not list(file.parent.iterdir())
