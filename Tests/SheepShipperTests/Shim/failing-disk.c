// A disk that fails when it is told to: preloaded (LD_PRELOAD) into the program under test, between it and the C library.
//
// FAILING_DISK_FOLDER: only files below it are touched. FAILING_DISK_RULES: a file that is read again at each such call, so
// a test changes the disk under a running program by replacing it. FAILING_DISK_HITS: each failure adds a line there.
//
// The rules file: a first line that differs whenever counting is to begin anew, then up to 16 rules, one a line:
//   CALL WHAT SKIP COUNT PATH
// CALL: open, rename, write, pwrite, sync (fsync and fdatasync), fsync, fdatasync or any. WHAT: EIO, ENOSPC, EDQUOT, EACCES;
// "short": half of what is to be written; "slow": a fifth of a second later; "lie": not done, and reported as done;
// "kill": kill -9 in place of the call.
// SKIP: so many matching calls go through first; COUNT: then so many are hit, 0 for all. PATH: a part of the file's path below the
// folder, "*" for any.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { rules_max = 16 };
struct rule {
  char call[16], what[16], path[128];
  long skip, count, seen;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char generation[64];
static struct rule rules[rules_max];
static int rule_count;

// Straight to the kernel: these calls are not the program's own.
static long read_file(const char *path, char *buffer, long size) {
  const long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return -1;
  const long count = syscall(SYS_read, fd, buffer, size - 1);
  syscall(SYS_close, fd);
  if (count >= 0) buffer[count] = 0;
  return count;
}

static void note_hit(const char *call, const char *what, const char *path) {
  const char *hits = getenv("FAILING_DISK_HITS");
  char line[512];
  if (!hits) return;
  const int length = snprintf(line, sizeof line, "%s %s %s\n", call, what, path);
  const long fd = syscall(SYS_openat, AT_FDCWD, hits, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, line, length < (int)sizeof line ? length : (int)sizeof line - 1);
  syscall(SYS_close, fd);
}

static void read_rules(void) {
  char text[4096];
  const char *path = getenv("FAILING_DISK_RULES");
  if (!path || read_file(path, text, sizeof text) < 0) {
    rule_count = 0;
    generation[0] = 0;
    return;
  }
  char *rest = NULL;
  char *line = strtok_r(text, "\n", &rest);
  if (!line || strncmp(line, generation, sizeof generation - 1) == 0) return;
  strncpy(generation, line, sizeof generation - 1);
  rule_count = 0;
  while (rule_count < rules_max && (line = strtok_r(NULL, "\n", &rest))) {
    struct rule *rule = &rules[rule_count];
    memset(rule, 0, sizeof *rule);
    if (sscanf(line, "%15s %15s %ld %ld %127s", rule->call, rule->what, &rule->skip, &rule->count, rule->path) == 5)
      rule_count++;
  }
}

static int is_call(const char *wanted, const char *call) {
  if (strcmp(wanted, "any") == 0 || strcmp(wanted, call) == 0) return 1;
  return strcmp(wanted, "sync") == 0 && (strcmp(call, "fsync") == 0 || strcmp(call, "fdatasync") == 0);
}

// What is to happen to this call, "" for nothing. `what` has room for 16 bytes.
static void judge(const char *call, const char *path, char *what) {
  what[0] = 0;
  const char *folder = getenv("FAILING_DISK_FOLDER");
  if (!folder || !path || strncmp(path, folder, strlen(folder)) != 0) return;
  const int error = errno;
  pthread_mutex_lock(&lock);
  read_rules();
  for (int at = 0; at < rule_count && !what[0]; at++) {
    struct rule *rule = &rules[at];
    if (!is_call(rule->call, call)) continue;
    if (strcmp(rule->path, "*") != 0 && !strstr(path + strlen(folder), rule->path)) continue;
    rule->seen++;
    if (rule->seen <= rule->skip || (rule->count > 0 && rule->seen > rule->skip + rule->count)) continue;
    strcpy(what, rule->what);
    note_hit(call, what, path);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
}

static void judge_descriptor(const char *call, int fd, char *what) {
  char link[64], path[512];
  what[0] = 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const int error = errno;
  const long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = error;
  if (length <= 0) return;
  path[length] = 0;
  judge(call, path, what);
}

// Whether the call fails, with errno set; it may also take its time, or end the process.
static int fails(const char *what) {
  if (!what[0] || strcmp(what, "short") == 0 || strcmp(what, "lie") == 0) return 0;
  if (strcmp(what, "kill") == 0) {
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
  }
  if (strcmp(what, "slow") == 0) {
    const struct timespec fifth = {0, 200000000};
    nanosleep(&fifth, NULL);
    return 0;
  }
  errno = strcmp(what, "ENOSPC") == 0   ? ENOSPC
          : strcmp(what, "EDQUOT") == 0 ? EDQUOT
          : strcmp(what, "EACCES") == 0 ? EACCES
                                        : EIO;
  return 1;
}

static int lies(const char *what) { return strcmp(what, "lie") == 0; }

static size_t shortened(const char *what, size_t count) {
  return strcmp(what, "short") == 0 && count > 1 ? count / 2 : count;
}

#define REAL(result, name, ...)                                    \
  static result (*real)(__VA_ARGS__);                              \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

static int open_at_path(const char *path, int flags, mode_t mode) {
  char what[16];
  judge("open", path, what);
  if (fails(what)) return -1;
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_at_path(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_at_path(path, flags, mode);
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  char what[16];
  judge("rename", to, what);
  return fails(what) ? -1 : real(from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned int);
  char what[16];
  judge("rename", to, what);
  return fails(what) ? -1 : real(from_folder, from, to_folder, to, flags);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(ssize_t, "write", int, const void *, size_t);
  char what[16];
  judge_descriptor("write", fd, what);
  if (fails(what)) return -1;
  return lies(what) ? (ssize_t)count : real(fd, bytes, shortened(what, count));
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  char what[16];
  judge_descriptor("pwrite", fd, what);
  if (fails(what)) return -1;
  return lies(what) ? (ssize_t)count : real(fd, bytes, shortened(what, count), offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  char what[16];
  judge_descriptor("pwrite", fd, what);
  if (fails(what)) return -1;
  return lies(what) ? (ssize_t)count : real(fd, bytes, shortened(what, count), offset);
}

int fsync(int fd) {
  REAL(int, "fsync", int);
  char what[16];
  judge_descriptor("fsync", fd, what);
  if (fails(what)) return -1;
  return lies(what) ? 0 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int);
  char what[16];
  judge_descriptor("fdatasync", fd, what);
  if (fails(what)) return -1;
  return lies(what) ? 0 : real(fd);
}
