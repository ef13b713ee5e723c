"""An interrupt arrives as an exception, but never inside code that would swallow it or crash."""

import os
import signal
import time
import types

import pytest

from femsim.cli.interrupts import Interrupts, Terminated


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_signal_becomes_an_exception(number, kind):
    with Interrupts(), pytest.raises(kind):
        os.kill(os.getpid(), number)
        time.sleep(1)


@pytest.mark.parametrize("module", ["numba.core.dispatcher", "femsim.results.vtkhdf", "threading"])
def test_it_waits_while_compiled_code_calls_back(module):
    guest = types.ModuleType(module)
    exec("def call_back(action):\n    action()\n    return 'came to its end'", vars(guest))
    said = []

    def interrupted_here():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)  # would be cut short
        said.append("whole")

    with Interrupts(), pytest.raises(KeyboardInterrupt):
        said.append(guest.call_back(interrupted_here))
        time.sleep(5)
    assert said == ["whole", "came to its end"]


def test_the_handlers_of_before_come_back():
    before = signal.getsignal(signal.SIGINT)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before
