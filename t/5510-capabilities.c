/* SPDX-License-Identifier: ISC */
/* run/capabilities: the five sets of a process, as /proc shows them. */
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "run/process/capabilities.h"
#include "run/spec/spec.h"
#include "t/tap.h"

#define BIT(n) ((uint64_t)1 << (n))

static uint64_t
set_now(const char *name)
{
	char *text = io_slurp_at(AT_FDCWD, "/proc/self/status", 1 << 20, NULL);
	char *at = text ? strstr(text, name) : NULL;

	return at ? strtoull(at + strlen(name), NULL, 16) : ~(uint64_t)0;
}

/* Become it in a child; whether the sets are then these. */
static bool
becomes(const struct process_spec *p, const struct process_spec *want)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		capabilities_bound(p);
		capabilities_keep();
		if (setgid(p->gid) < 0 || setuid(p->uid) < 0)
			_exit(2);
		capabilities_apply(p);
		_exit(set_now("CapInh:") != want->inheritable ||
		      set_now("CapPrm:") != want->permitted ||
		      set_now("CapEff:") != want->effective ||
		      set_now("CapBnd:") != want->bounding ||
		      set_now("CapAmb:") != want->ambient);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

int
main(void)
{
	uint64_t some = BIT(CAP_CHOWN) | BIT(CAP_KILL), all, more;
	struct process_spec p = {0}, want;

	ok(capability_number("CAP_CHOWN") == CAP_CHOWN, "CAP_CHOWN");
	ok(capability_number("CAP_CHECKPOINT_RESTORE") == 40, "the newest");
	ok(capability_number("CAP_SMILE") < 0, "no capability");
	ok(capability_number("7") < 0, "a number is no name");
	if (geteuid() != 0)
		return tap_end();
	ok(becomes(&p, &p), "none: all five sets are empty");
	p.bounding = p.permitted = p.effective = some;
	ok(becomes(&p, &p), "some, for root");
	p.uid = p.gid = 1000;
	ok(becomes(&p, &p), "some, kept for another user");
	p.inheritable = p.ambient = BIT(CAP_KILL);
	ok(becomes(&p, &p), "an ambient one");
	want = p;
	p.ambient = some;
	close(2);
	ok(becomes(&p, &want), "ambient without inheritable: passed over");
	all = set_now("CapPrm:");
	more = all | BIT(CAP_SYS_RESOURCE);
	p = (struct process_spec){
	    .bounding = more, .permitted = more, .effective = more};
	want = (struct process_spec){
	    .bounding = all, .permitted = all, .effective = all};
	ok(becomes(&p, &want), "more than there is: what there is");
	return tap_end();
}
