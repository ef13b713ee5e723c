"""What the fixation keys of implants say of their interfaces."""

from typing import Any

from femsim.interfaces.bonded import Bonded
from femsim.interfaces.free import Free
from femsim.interfaces.proximal import Proximal
from femsim.interfaces.sliding import Sliding
from femsim.interfaces.superior_half import SuperiorHalf


def bond(fixation: str, share: float = 1.0) -> Any:
    """The condition of INTERFACE_CONDITIONS of a fixation.

    `share` of the length is bonded where it is "proximal", and the rest slides, or is free with "proximal_free".
    """
    if fixation in ("proximal", "proximal_free"):
        return Proximal(share, below="free" if fixation == "proximal_free" else "sliding")
    return {"bonded": Bonded, "sliding": Sliding, "superior_half": SuperiorHalf, "free": Free}[fixation]()
