/* SPDX-License-Identifier: ISC */
/*
 * The device policy as a program that cgroup v2 asks (bpf(2),
 * BPF_PROG_TYPE_CGROUP_DEVICE).  Its context is struct bpf_cgroup_dev_ctx;
 * it returns 1 for yes.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/cgroup/device.h"

#define RULE_LENGTH 8 /* instructions of a rule, at most */
#define FRAME_LENGTH 8
#define WHOLE_ACCESS                                                           \
	(BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE | BPF_DEVCG_ACC_MKNOD)

/* The registers: what the program is asked about, and what is computed. */
enum {
	ANSWER = 0,
	CONTEXT = 1,
	TYPE = 2,
	ACCESS = 3,
	MAJOR = 4,
	MINOR = 5,
	SCRATCH = 6
};

struct program {
	struct bpf_insn *v;
	size_t n;
};

static void
put(struct program *p, int code, int dst, int src, int off, int32_t imm)
{
	p->v[p->n++] = (struct bpf_insn){.code = code,
	    .dst_reg = dst,
	    .src_reg = src,
	    .off = off,
	    .imm = imm};
}

static void
load(struct program *p, int reg, size_t offset)
{
	put(p, BPF_LDX | BPF_MEM | BPF_W, reg, CONTEXT, offset, 0);
}

static void
answer(struct program *p, bool allow)
{
	put(p, BPF_ALU64 | BPF_MOV | BPF_K, ANSWER, 0, 0, allow);
	put(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int
access_bits(const char *access)
{
	return (strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0) |
	       (strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0) |
	       (strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0);
}

/*
 * An exception that allows is met when it has all of the access asked for, an
 * exception that denies when it has any of it.  A rule that isn't met jumps to
 * the next.
 */
static void
rule(struct program *p, const struct device_rule *r)
{
	const int unequal = BPF_JMP32 | BPF_JNE | BPF_K;
	int bits = access_bits(r->access);
	size_t first = p->n;

	put(p, unequal, TYPE, 0, 0,
	    r->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (r->major >= 0)
		put(p, unequal, MAJOR, 0, 0, r->major);
	if (r->minor >= 0)
		put(p, unequal, MINOR, 0, 0, r->minor);
	if (bits != WHOLE_ACCESS) {
		put(p, BPF_ALU | BPF_MOV | BPF_X, SCRATCH, ACCESS, 0, 0);
		put(p, BPF_ALU | BPF_AND | BPF_K, SCRATCH, 0, 0,
		    r->allow ? WHOLE_ACCESS & ~bits : bits);
		put(p, BPF_JMP32 | (r->allow ? BPF_JNE : BPF_JEQ) | BPF_K,
		    SCRATCH, 0, 0, 0);
	}
	answer(p, r->allow);
	for (size_t i = first; i < p->n; i++)
		if (BPF_CLASS(p->v[i].code) == BPF_JMP32)
			p->v[i].off = p->n - i - 1;
}

static void
compile(struct program *p, const struct device_policy *policy)
{
	p->v = xcalloc(FRAME_LENGTH + policy->n * RULE_LENGTH, sizeof *p->v);
	load(p, TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	put(p, BPF_ALU | BPF_MOV | BPF_X, ACCESS, TYPE, 0, 0);
	put(p, BPF_ALU | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff);
	put(p, BPF_ALU | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
	load(p, MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major));
	load(p, MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor));
	for (size_t i = 0; i < policy->n; i++)
		rule(p, &policy->v[i]);
	answer(p, policy->allow);
}

static int
bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof *attr);
}

int
device_program_attach(int dirfd, const struct device_policy *policy)
{
	struct program p = {0};
	union bpf_attr attr;
	int fd, r;

	compile(&p, policy);
	memset(&attr, 0, sizeof attr);
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)p.v;
	attr.insn_cnt = p.n;
	attr.license = (uintptr_t) "ISC";
	memcpy(attr.prog_name, "devices", sizeof "devices");
	fd = bpf(BPF_PROG_LOAD, &attr);
	free(p.v);
	if (fd < 0)
		return -1;
	/* Multi, so that containers inside can have policies of their own. */
	memset(&attr, 0, sizeof attr);
	attr.target_fd = dirfd;
	attr.attach_bpf_fd = fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	r = bpf(BPF_PROG_ATTACH, &attr);
	close(fd);
	return r;
}
