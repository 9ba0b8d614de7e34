#include "base/sandbox.h"

#include "base/sanitizer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that newer kernels know than the headers of Debian 12 (Landlock ABI 3 and 5). */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif

#define RIGHTS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_WRITE                                                                                                   \
    (RIGHTS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_REMOVE_DIR |       \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                      \
     LANDLOCK_ACCESS_FS_REFER)
/* The only rights that a rule on a file, rather than a folder, may name. */
#define RIGHTS_OF_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)

/* LeakSanitizer looks at the process through ptrace, from a process of its own, and reads /proc. */
#define LEAKS_TRACED SANITIZER_ADDRESS

/* Every right that the kernel's ABI can withhold (linux/landlock.h). */
static uint64_t rights_handled(long abi) {
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (abi >= 2) {
        rights |= LANDLOCK_ACCESS_FS_REFER;
    }
    if (abi >= 3) {
        rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
    }
    if (abi >= 5) {
        rights |= LANDLOCK_ACCESS_FS_IOCTL_DEV;
    }
    return rights;
}

static bool allow_below(int ruleset, const char *path, uint64_t rights) {
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT || errno == ENOTDIR;
    }
    struct stat status;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = descriptor};
    bool added = fstat(descriptor, &status) == 0;
    if (added) {
        if (!S_ISDIR(status.st_mode)) {
            rule.allowed_access &= RIGHTS_OF_FILES;
        }
        added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return added;
}

static bool allow_all(int ruleset, const char *const *paths, uint64_t rights) {
    for (; *paths != NULL; paths++) {
        if (!allow_below(ruleset, *paths, rights)) {
            return false;
        }
    }
    return true;
}

static bool confine_files(const char *const *readable, const char *const *writable, struct diagnostics *diagnostics) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        diagnostics_report(diagnostics, DIAGNOSTIC_SANDBOX, NULL,
                           "this kernel has no Landlock, so access to files is not confined; run on Linux 5.13 or "
                           "later to have it");
        return true;
    }
    uint64_t handled = rights_handled(abi);
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0) {
        return false;
    }
    bool confined = (!LEAKS_TRACED || allow_below(ruleset, "/proc", RIGHTS_READ & handled)) &&
                    allow_all(ruleset, readable, RIGHTS_READ & handled) &&
                    allow_all(ruleset, writable, RIGHTS_WRITE & handled) &&
                    syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    int error = errno;
    close(ruleset);
    errno = error;
    return confined;
}

/* Calls that a programme which turns files into files has no use for. Names the machine does not know are skipped. */
static const char *const denied[] = {
    "execve",
    "execveat",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "fork",
    "vfork",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "setns",
    "unshare",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "open_by_handle_at",
    "mknod",
    "mknodat",
    "symlink",
    "symlinkat",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "settimeofday",
    "clock_settime",
    "fanotify_init",
    "setuid",
    "setgid",
    "setresuid",
    "setresgid",
    "setreuid",
    "setregid",
    "setgroups",
    "capset",
};

static bool deny(scmp_filter_ctx filter, const char *name, int error) {
    int number = seccomp_syscall_resolve_name(name);
    return number < 0 || seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), number, 0) == 0;
}

/*
 * New processes are denied, new threads are not. clone3 hides its flags behind a pointer, which a filter cannot read:
 * answered with ENOSYS, the C library falls back to clone.
 */
static bool deny_processes(scmp_filter_ctx filter) {
    return deny(filter, "clone3", ENOSYS) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
           deny(filter, "ptrace", EPERM);
}

static bool confine_calls(struct diagnostics *diagnostics) {
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL) {
        diagnostics_report(diagnostics, DIAGNOSTIC_SANDBOX, NULL,
                           "this kernel has no seccomp, so system calls are not confined; run on a kernel that has it");
        return true;
    }
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) {
        errno = ENOMEM;
        return false;
    }
    /* A rule is refused for want of memory only: names and numbers are our own. */
    bool built = LEAKS_TRACED || deny_processes(filter);
    for (size_t i = 0; built && i < sizeof denied / sizeof denied[0]; i++) {
        built = deny(filter, denied[i], EPERM);
    }
    errno = 0;
    int error = built ? -seccomp_load(filter) : ENOMEM;
    if (error != 0 && errno == ENOMEM) { /* which libseccomp passes on as another */
        error = ENOMEM;
    }
    seccomp_release(filter);
    errno = error;
    return error == 0;
}

bool sandbox_enter(const char *const *readable, const char *const *writable, struct diagnostics *diagnostics) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && confine_files(readable, writable, diagnostics) &&
        confine_calls(diagnostics)) {
        return true;
    }
    diagnostics_report_errno(diagnostics, DIAGNOSTIC_SANDBOX, NULL, errno,
                             "the process could not be confined, so nothing was read");
    return false;
}
