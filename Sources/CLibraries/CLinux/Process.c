#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
                  const char *folder, int input, int output, int error) {
  const int wanted[3] = {input, output, error};
  int status = 0;
  for (int i = 0; i < 3 && status == 0; ++i)
    if (wanted[i] >= 0) status = posix_spawn_file_actions_adddup2(actions, wanted[i], i);
  if (status == 0 && folder) status = posix_spawn_file_actions_addchdir_np(actions, folder);
  if (status) return status;
  // A parent that ignores SIGPIPE must not hand that on: it survives exec.
  sigset_t all, none;
  sigfillset(&all);
  sigdelset(&all, SIGKILL);
  sigdelset(&all, SIGSTOP);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(attributes, &all);
  posix_spawnattr_setsigmask(attributes, &none);
  return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

int clinux_spawn(pid_t *pid, const char *program, char *const argv[], char *const envp[],
                 const char *folder, int input, int output, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int status = posix_spawn_file_actions_init(&actions);
  if (status) return status;
  status = posix_spawnattr_init(&attributes);
  if (status == 0) {
    status = set_up(&actions, &attributes, folder, input, output, error);
    if (status == 0) status = posix_spawn(pid, program, &actions, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

int clinux_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  for (int i = 0; i < 2; ++i) {
    if (ends[i] > 2) continue;
    const int moved = fcntl(ends[i], F_DUPFD_CLOEXEC, 3);
    const int reason = errno;
    close(ends[i]);
    ends[i] = moved;
    if (moved < 0) {
      close(ends[1 - i]);
      errno = reason;
      return -1;
    }
  }
  return 0;
}
