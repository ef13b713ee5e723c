"""Pages that follow one another as an MP4."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from femsim.errors import MissingPieceError

FRAMES_PER_SECOND = 10
HOLD = 10  # frames that the last page stays


def write_mp4(path: Path, page: Callable[[float], np.ndarray], n_frames: int) -> None:
    """Write a film in H.264, which browsers and slides show.

    Parameters
    ----------
    page : callable
        (h, w, 3) uint8 at a share 0 … 1 of the course, always of the same size.
    n_frames : pages that differ.

    Raises
    ------
    MissingPieceError
        Where the library that writes films is not there.
    OSError
        Where the file cannot be written.
    """
    try:
        import av
    except ImportError:
        raise MissingPieceError(
            "Films need the library PyAV, which is not installed.", remedy="pip install av, or name a GIF"
        ) from None
    with av.open(str(path), "w", format="mp4") as film:
        stream = None
        for k in range(n_frames):
            picture = page(k / (n_frames - 1))
            even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]  # H.264 halves the colours
            if stream is None:
                stream = film.add_stream("h264", rate=FRAMES_PER_SECOND)
                stream.height, stream.width, stream.pix_fmt = *even.shape[:2], "yuv420p"
                stream.options = {"crf": "18"}
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
            for _ in range(HOLD if k == n_frames - 1 else 1):
                film.mux(stream.encode(frame))
        film.mux(stream.encode())
