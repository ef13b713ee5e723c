"""What the fixation keys of implants say of their interfaces."""

from typing import Any

from femsim.interfaces.bonded import Bonded
from femsim.interfaces.free import Free
from femsim.interfaces.proximal import Proximal
from femsim.interfaces.superior_half import SuperiorHalf


def bond(fixation: str, share: float = 1.0) -> Any:
    """The condition of INTERFACE_CONDITIONS of a fixation; `share` of the length is bonded where it is "proximal"."""
    if fixation == "proximal":
        return Proximal(share)
    return {"bonded": Bonded, "superior_half": SuperiorHalf, "free": Free}[fixation]()
