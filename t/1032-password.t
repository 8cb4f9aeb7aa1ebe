#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --creds USER: the password is asked for at the terminal.
. "${0%/*}/lib.sh"
need python3 base64
. "$top/t/credentials.sh"

# terminal.py: what a program says at a terminal, to its end; when it asks for
# the password, that is typed.
cat >terminal.py <<E
import os
def said(fd, typed):
    text = b""
    while True:
        try:
            part = os.read(fd, 1000)
        except OSError:
            break
        if not part:
            break
        text += part
        if b"Password of" in text and typed:
            os.write(fd, typed)
            typed = b""
    return text.decode()
E
cat >asked.py <<E
import os, pty, signal, sys, terminal
typed, reference = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    # The shell can't trap what is ignored, as in the background it is.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp("sh", ["sh", "-c", "trap : INT; oci-fetch -m --creds user " + reference +
                     " >/dev/null; echo status \$?; stty -a"])
print(terminal.said(fd, typed.encode().decode("unicode_escape").encode()))
E
ok "--creds with a user alone" python3 asked.py 'pass:word\n' "$basic"
printed "asks at the terminal" "^Password of user at $bad: "
is "doesn't show it" "$(grep -c pass:word "$out")" 0
printed "and uses it" "^status 0"
ok "one that is wrong" python3 asked.py 'x\n' "$basic"
printed "is refused" "credentials of user in --creds"
ok "a user who breaks off" python3 asked.py '\003' "$basic"
printed "ends it" "status 130"
printed "gets the terminal back as it was" " echo "
ok "a user who has none" python3 asked.py '\004' "$basic"
printed "says so" "no password was given for user"
ok "where nobody asks" python3 asked.py '' "$bad/open/img"
is "nor is the user asked" "$(grep -c Password "$out")" 0

# In a group of its own, as a shell that has jobs would have it: one without
# a parent in its session can't be stopped.
cat >stopped.py <<'E'
import os, pty, signal, sys, terminal
pid, fd = pty.fork()
if pid == 0:
    r, w = os.pipe()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.close(w)
        os.read(r, 1)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execvp("oci-fetch", ["oci-fetch", "-m"] + sys.argv[1:])
    os.setpgid(job, job)
    os.tcsetpgrp(0, job)
    os.close(w)
    _, status = os.waitpid(job, os.WUNTRACED)
    os.write(1, b"stopped" if os.WIFSTOPPED(status) else
             b"status %d" % os.waitstatus_to_exitcode(status))
    if os.WIFSTOPPED(status):
        os.killpg(job, signal.SIGKILL)
    os._exit(0)
print(terminal.said(fd, b"\032pass:word\n"))
E
ok "Ctrl-Z at the prompt" timeout 20 python3 stopped.py --creds user "$basic"
printed "stops nothing" "status 0"
cat >bin/docker-credential-slow <<'E'
#!/bin/sh
echo "Password of" >/dev/tty
sleep 10
E
chmod +x bin/docker-credential-slow
printf '{"credHelpers":{"%s":"slow"}}' "$bad" >slow
ok "Ctrl-Z while a program looks for it" env PATH="$tmp/bin:$PATH" \
	timeout 20 python3 stopped.py --authfile slow "$basic"
printed "stops both" stopped
done_testing
