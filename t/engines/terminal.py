# SPDX-License-Identifier: ISC
# terminal.py COMMAND...: run it at a terminal, and end as it does.
import os, pty, sys

sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
