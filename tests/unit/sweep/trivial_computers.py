"""Computers for tests: cases that cost nothing, fail on request, or take their process with them."""

import math
import os
import signal
import time
from pathlib import Path

from femsim.errors import ConvergenceError, MeshError
from femsim.sweep.computing import Computed

A, B = 7.0, 0.1  # of Ishigami's function


def rows(scenario):
    """Ishigami's function of three angles and shifts of the implant."""
    implant = scenario.implant
    x = [implant.varus_valgus_deg, implant.version_deg, implant.superior_shift_mm]
    value = math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0])
    row = {"name": "answer", "zone": "neck", "model": "operated", "value": value, "unit": "MPa", "note": ""}
    return [row, {**row, "model": "intact", "value": value / 3.0, "unit": "-"}]


def ishigami(scenarios, metrics=()):
    """Every case at once."""
    for place, scenario in enumerate(scenarios):
        yield Computed(place, rows(scenario), {"mesh": 0.0, "solve": 0.0}, {"mesh": place > 0})


def slow(scenarios, metrics=()):
    """Every case in a while."""
    for computed in ishigami(scenarios):
        time.sleep(float(os.environ.get("TRIVIAL_CASE_S", "0.05")))
        yield computed


def wicked(scenarios, metrics=()):
    """Body mass tells what becomes of a case: see the numbers below."""
    for place, scenario in enumerate(scenarios):
        mass = round(scenario.subject.body_mass_kg)
        if mass == 61:
            yield Computed(place, error=MeshError("No sound mesh.", remedy="coarser"))
            continue
        if mass == 62:
            yield Computed(place, error=ConvergenceError("It did not converge."))
            continue
        if mass == 63:
            os.kill(os.getpid(), signal.SIGSEGV)
        if mass == 64:
            raise MemoryError
        if mass == 65:
            time.sleep(600.0)
        if mass == 66:
            raise ZeroDivisionError("a bug")
        if mass == 67:
            os.kill(os.getpid(), signal.SIGKILL)
        if mass == 68:
            mark = Path(os.environ["TRIVIAL_MARK"])
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        yield Computed(place, rows(scenario), {"mesh": 0.01})


def logged(scenarios, metrics=()):
    """As slow; every case that is computed to its end is noted in the file TRIVIAL_LOG, whoever computes it."""
    for scenario, computed in zip(scenarios, slow(scenarios)):
        implant, mass = scenario.implant, scenario.subject.body_mass_kg
        line = f"{implant.varus_valgus_deg} {implant.version_deg} {mass}\n".encode()
        note = os.open(os.environ["TRIVIAL_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(note, line)
        os.close(note)
        yield computed
