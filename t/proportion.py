# SPDX-License-Identifier: ISC
"""Twice as much takes at most three times the time of a processor.

A machine that has other things to do may be slow at one of the two, so there
are several tries.
"""
import resource
import subprocess
import sys


def seconds(command):
    "How long the command takes, of a processor's time."
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(command, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)
    if p.returncode:
        sys.exit("%s: %d\n%s" % (command, p.returncode,
                                 p.stderr[-2000:].decode(errors="replace")))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime
            - before.ru_utime - before.ru_stime)


def hold(make, n, command):
    """make(n) makes n of what it says, and command() returns the command that
    is to take it.  Ends the program: with 0 when the proportion holds."""
    for _ in range(6):
        took = []
        for many in n, 2 * n:
            make(many)
            took.append(seconds(command()))
        print(make.__name__, n, "%.3f %.3f" % tuple(took), file=sys.stderr)
        if took[1] <= 3 * took[0]:
            sys.exit()
    sys.exit("%s: %.3f s, then %.3f s" % (make.__doc__, *took))
