/* SPDX-License-Identifier: ISC */
/*
 * The default seccomp profile as a table.
 *
 * It lets through what programs call in the ordinary course of things, and
 * keeps away the calls by which containers have been left: new mounts and
 * namespaces, keys that no namespace separates, kernel modules, io_uring.
 * These fail with EPERM, as without privilege.  All that isn't in the table
 * fails with ENOSYS, as on an older kernel, so that a libc that tries a new
 * call first goes on with the old one.  What Docker's and podman's profiles
 * let through and what not is the measure.
 */
#include "bundle/seccomp.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#define BIT(cap) (UINT64_C(1) << (cap))

#define EQ "SCMP_CMP_EQ"
#define NE "SCMP_CMP_NE"
#define GT "SCMP_CMP_GT"
#define MASKED "SCMP_CMP_MASKED_EQ"

/* CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET. */
#define NEW_NAMESPACES UINT64_C(0x7e020000)

static const char ordinary[] =
    "accept accept4 access adjtimex alarm bind brk cachestat "
    "capget capset chdir chmod chown chown32 clock_adjtime "
    "clock_adjtime64 clock_getres clock_getres_time64 "
    "clock_gettime clock_gettime64 clock_nanosleep "
    "clock_nanosleep_time64 close close_range connect "
    "copy_file_range creat dup dup2 dup3 epoll_create "
    "epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait "
    "epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 "
    "execve execveat exit exit_group faccessat faccessat2 "
    "fadvise64 fadvise64_64 fallocate fanotify_mark fchdir "
    "fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl "
    "fcntl64 fdatasync fgetxattr file_getattr file_setattr "
    "flistxattr flock fork fremovexattr fsetxattr fstat "
    "fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate "
    "ftruncate64 futex futex_requeue futex_time64 futex_wait "
    "futex_waitv futex_wake futimesat get_robust_list "
    "get_thread_area getcpu getcwd getdents getdents64 getegid "
    "getegid32 geteuid geteuid32 getgid getgid32 getgroups "
    "getgroups32 getitimer getpeername getpgid getpgrp getpid "
    "getppid getpriority getrandom getresgid getresgid32 "
    "getresuid getresuid32 getrlimit getrusage getsid "
    "getsockname getsockopt gettid gettimeofday getuid "
    "getuid32 getxattr getxattrat inotify_add_watch "
    "inotify_init inotify_init1 inotify_rm_watch io_cancel "
    "io_destroy io_getevents io_pgetevents "
    "io_pgetevents_time64 io_setup io_submit ioctl ioprio_get "
    "ioprio_set ipc kill landlock_add_rule "
    "landlock_create_ruleset landlock_restrict_self lchown "
    "lchown32 lgetxattr link linkat listen listmount listxattr "
    "listxattrat llistxattr _llseek lremovexattr lseek "
    "lsetxattr lstat lstat64 madvise map_shadow_stack "
    "membarrier memfd_create memfd_secret mincore mkdir "
    "mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 "
    "mprotect mq_getsetattr mq_notify mq_open mq_timedreceive "
    "mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 "
    "mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync "
    "munlock munlockall munmap name_to_handle_at nanosleep "
    "newfstatat _newselect open openat openat2 pause "
    "pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc "
    "pkey_free pkey_mprotect poll ppoll ppoll_time64 prctl "
    "pread64 preadv preadv2 prlimit64 process_mrelease "
    "process_vm_readv process_vm_writev pselect6 "
    "pselect6_time64 ptrace pwrite64 pwritev pwritev2 read "
    "readahead readdir readlink readlinkat readv recv recvfrom "
    "recvmmsg recvmmsg_time64 recvmsg remap_file_pages "
    "removexattr removexattrat rename renameat renameat2 "
    "restart_syscall rmdir rseq rt_sigaction rt_sigpending "
    "rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend "
    "rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo "
    "sched_get_priority_max sched_get_priority_min "
    "sched_getaffinity sched_getattr sched_getparam "
    "sched_getscheduler sched_rr_get_interval "
    "sched_rr_get_interval_time64 sched_setaffinity "
    "sched_setattr sched_setparam sched_setscheduler "
    "sched_yield seccomp select semctl semget semop semtimedop "
    "semtimedop_time64 send sendfile sendfile64 sendmmsg "
    "sendmsg sendto set_robust_list set_thread_area "
    "set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 "
    "setgid setgid32 setgroups setgroups32 setitimer setpgid "
    "setpriority setregid setregid32 setresgid setresgid32 "
    "setresuid setresuid32 setreuid setreuid32 setrlimit "
    "setsid setsockopt setuid setuid32 setxattr setxattrat "
    "shmat shmctl shmdt shmget shutdown sigaction sigaltstack "
    "signal signalfd signalfd4 sigpending sigprocmask "
    "sigreturn sigsuspend socketcall socketpair splice stat "
    "stat64 statfs statfs64 statmount statx symlink symlinkat "
    "sync sync_file_range syncfs sysinfo tee tgkill time "
    "timer_create timer_delete timer_getoverrun timer_gettime "
    "timer_gettime64 timer_settime timer_settime64 "
    "timerfd_create timerfd_gettime timerfd_gettime64 "
    "timerfd_settime timerfd_settime64 times tkill truncate "
    "truncate64 ugetrlimit umask uname unlink unlinkat "
    "uretprobe utime utimensat utimensat_time64 utimes vfork "
    "vmsplice wait4 waitid waitpid write writev";

static const char refused[] =
    "add_key bdflush create_module get_kernel_syms "
    "io_uring_enter io_uring_register io_uring_setup "
    "kexec_file_load kexec_load keyctl migrate_pages "
    "move_pages nfsservctl pciconfig_iobase pciconfig_read "
    "pciconfig_write pivot_root query_module request_key "
    "swapoff swapon _sysctl sysfs uselib userfaultfd ustat "
    "vm86 vm86old";

/*
 * clone(2) without CAP_SYS_ADMIN: no new namespaces.  Its flags are the second
 * argument on s390x, and the first everywhere else.
 */
#define CLONE_RULES(where, n)                                                  \
	{"clone", .arch = (where), .without = BIT(CAP_SYS_ADMIN),              \
	    .args = {{n, MASKED, NEW_NAMESPACES, 0}}},                         \
	    CLONE_REFUSED(where, n, 0x00020000),                               \
	    CLONE_REFUSED(where, n, 0x02000000),                               \
	    CLONE_REFUSED(where, n, 0x04000000),                               \
	    CLONE_REFUSED(where, n, 0x08000000),                               \
	    CLONE_REFUSED(where, n, 0x10000000),                               \
	    CLONE_REFUSED(where, n, 0x20000000),                               \
	    CLONE_REFUSED(where, n, 0x40000000)
#define CLONE_REFUSED(where, n, bit)                                           \
	{                                                                      \
		"clone", EPERM, .arch = (where),                               \
				.without = BIT(CAP_SYS_ADMIN), .args = {       \
					{n, MASKED, bit, bit}                  \
				}                                              \
	}

const struct syscall_rule syscall_rules[] = {
    {.names = ordinary},
    {.names = refused, .error = EPERM},

    /* PER_LINUX and PER_LINUX32, with UNAME26 or not, and to ask. */
    {"personality", .args = {{0, EQ, 0x0, 0}}},
    {"personality", .args = {{0, EQ, 0x8, 0}}},
    {"personality", .args = {{0, EQ, 0x20000, 0}}},
    {"personality", .args = {{0, EQ, 0x20008, 0}}},
    {"personality", .args = {{0, EQ, 0xffffffff, 0}}},

    /*
     * The families of sockets that are in use.  Each is named by EQ: with NE
     * or GT one could ask for a family with bits set that the kernel cuts
     * off.  AF_ALG and AF_VSOCK, which lead into the kernel's crypto and to
     * the hypervisor, are beyond the last.  32-bit x86 has socketcall(2),
     * whose arguments no filter sees.
     */
    {"socket", .args = {{0, EQ, AF_UNIX, 0}}},
    {"socket", .args = {{0, EQ, AF_INET, 0}}},
    {"socket", .args = {{0, EQ, AF_INET6, 0}}},
    {"socket", .args = {{0, EQ, AF_PACKET, 0}}},
    {"socket", EAFNOSUPPORT, .args = {{0, GT, AF_PACKET, 0}}},
    {"socket", .with = BIT(CAP_AUDIT_WRITE), .args = {{0, EQ, AF_NETLINK, 0}}},
    {"socket", .without = BIT(CAP_AUDIT_WRITE),
	.args = {{0, EQ, AF_NETLINK, 0}, {2, NE, NETLINK_AUDIT, 0}}},
    /* What sudo and PAM take for a kernel that has no audit. */
    {"socket", EINVAL, .without = BIT(CAP_AUDIT_WRITE),
	.args = {{0, EQ, AF_NETLINK, 0}, {2, EQ, NETLINK_AUDIT, 0}}},

    {"clone clone3", .with = BIT(CAP_SYS_ADMIN)},
    /*
     * clone3 has its flags in memory, where no filter sees them.  It stays
     * unknown, and ENOSYS makes every libc take clone.
     */
    CLONE_RULES("-s390x", 0),
    CLONE_RULES("s390x", 1),

    {"fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie "
     "lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount "
     "mount_setattr move_mount open_tree open_tree_attr quotactl quotactl_fd "
     "setdomainname sethostname setns umount umount2 unshare",
	.needs = BIT(CAP_SYS_ADMIN)},
    {"bpf", .needs = BIT(CAP_SYS_ADMIN) | BIT(CAP_BPF)},
    {"perf_event_open", .needs = BIT(CAP_SYS_ADMIN) | BIT(CAP_PERFMON)},
    {"syslog", .needs = BIT(CAP_SYS_ADMIN) | BIT(CAP_SYSLOG)},
    {"open_by_handle_at", .needs = BIT(CAP_DAC_READ_SEARCH)},
    {"reboot", .needs = BIT(CAP_SYS_BOOT)},
    {"chroot", .needs = BIT(CAP_SYS_CHROOT)},
    {"delete_module finit_module init_module", .needs = BIT(CAP_SYS_MODULE)},
    {"acct", .needs = BIT(CAP_SYS_PACCT)},
    {"kcmp pidfd_getfd process_madvise", .needs = BIT(CAP_SYS_PTRACE)},
    {"ioperm iopl", .needs = BIT(CAP_SYS_RAWIO)},
    {"clock_settime clock_settime64 settimeofday stime",
	.needs = BIT(CAP_SYS_TIME)},
    {"vhangup", .needs = BIT(CAP_SYS_TTY_CONFIG)},
    {"get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
	.needs = BIT(CAP_SYS_NICE)},

    /* Calls that one architecture has for its libc. */
    {"arch_prctl", .arch = "amd64"},
    {"modify_ldt", .arch = "amd64 386"},
    {"arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls "
     "sync_file_range2",
	.arch = "arm arm64"},
    {"swapcontext sync_file_range2", .arch = "ppc64le"},
    {"riscv_flush_icache riscv_hwprobe", .arch = "riscv64"},
    {"s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr",
	.arch = "s390x"},
    {.names = 0},
};
