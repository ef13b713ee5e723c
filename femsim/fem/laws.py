"""What pushes back when something is pressed together: a spring with a damper, and a layer of soft tissue."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Response(NamedTuple):
    """Answer of a law to compressions q and their rates, all of the shape of q.

    total : force or pressure, positive where it pushes apart. elastic : the part of it that energy is stored by.
    stiffness, damping : derivatives of `total` with respect to q and to its rate.
    """

    total: np.ndarray
    elastic: np.ndarray
    stiffness: np.ndarray
    damping: np.ndarray


@dataclass(frozen=True)
class SpringDamper:
    """A spring and a damper side by side (Kelvin and Voigt).

    stiffness : [N/mm], or [MPa/mm] where it answers with a pressure; a number or one per q.
    damping : [N s/mm] or [MPa s/mm].
    pulls : whether it holds together what is pulled apart; if not, it lets go and never pulls. One per q, or for all.
    """

    stiffness: float | np.ndarray
    damping: float | np.ndarray = 0.0
    pulls: bool | np.ndarray = True

    def respond(self, q: np.ndarray, rate: np.ndarray) -> Response:
        """Compression q [mm] and its rate [mm/s]."""
        elastic = self.stiffness * q
        total = elastic + self.damping * rate
        acts = self.pulls | ((q >= 0) & (total > 0))  # at the first touch a damper acts already
        return Response(
            np.where(acts, total, 0.0),
            np.where(self.pulls | (q > 0), elastic, 0.0),
            np.where(acts, self.stiffness, 0.0),
            np.where(acts, self.damping, 0.0),
        )

    def energy(self, q: np.ndarray) -> np.ndarray:
        """[N·mm], or [N/mm] of a pressure, stored at compression q."""
        return 0.5 * self.stiffness * np.square(np.where(self.pulls, q, np.maximum(q, 0.0)))


_END = 0.98  # compression from which on the layer stiffens no more: its law has a pole at 1


@dataclass(frozen=True)
class TissueLayer:
    """Pressure under a layer of soft tissue: E s / (1 - s⁴) · (1 + τ ds/dt), never a pull; s = compression / thickness.

    The first factor is linear to 3 % up to s = 0.4 and bottoms out towards s = 1; beyond s = 0.98 it is continued by
    its tangent. The second is the loss, in proportion to the pressure so that there is no jump at the first touch
    (Hunt & Crossley, J Appl Mech 42 (1975) 440). The form is assumed: no curve of trochanteric tissue is known.

    thickness : [mm]; modulus : [MPa]; loss_time : τ [s].
    """

    thickness: float
    modulus: float
    loss_time: float = 0.0

    def respond(self, q: np.ndarray, rate: np.ndarray) -> Response:
        """Compression q [mm] and its rate [mm/s]; answers in [MPa], [MPa/mm], [MPa s/mm]."""
        s = np.maximum(q, 0.0) / self.thickness
        within = np.minimum(s, _END)
        slope = self.modulus * (1 + 3 * within**4) / (1 - within**4) ** 2
        elastic = self.modulus * within / (1 - within**4) + slope * (s - within)
        loss = np.maximum(1 + self.loss_time / self.thickness * rate, 0.0)
        acts = (s > 0) & (loss > 0)
        return Response(
            elastic * loss,
            elastic,
            np.where(acts, slope * loss / self.thickness, 0.0),
            np.where(acts, elastic * self.loss_time / self.thickness, 0.0),
        )

    def energy(self, q: np.ndarray) -> np.ndarray:
        """[N/mm] stored per area."""
        s = np.maximum(q, 0.0) / self.thickness
        within = np.minimum(s, _END)
        beyond = s - within
        elastic = self.modulus * _END / (1 - _END**4)
        slope = self.modulus * (1 + 3 * _END**4) / (1 - _END**4) ** 2
        curved = 0.5 * self.modulus * np.arctanh(within**2)
        return self.thickness * (curved + elastic * beyond + 0.5 * slope * beyond**2)
