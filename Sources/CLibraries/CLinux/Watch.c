#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "CLinux.h"

int clinux_watch_create(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }

int clinux_watch_add(int fd, const char *folder) {
  return inotify_add_watch(fd, folder,
                           IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                               IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR);
}

int clinux_watch_remove(int fd, int number) { return inotify_rm_watch(fd, number); }

int clinux_watch_take(int fd) {
  char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
  int found = 0;
  for (;;) {
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return found;
    for (ssize_t at = 0; at < count;) {
      struct inotify_event event;
      memcpy(&event, buffer + at, sizeof event);
      found |= event.mask & IN_MODIFY ? 1 : 2;
      at += (ssize_t)(sizeof event + event.len);
    }
  }
}

int clinux_real_path(const char *given, char *path) {
  char *found = realpath(given, NULL);
  if (!found) return -1;
  const size_t length = strlen(found);
  const int fits = length < PATH_MAX;
  if (fits) memcpy(path, found, length + 1);
  free(found);
  if (!fits) errno = ENAMETOOLONG;
  return fits ? 0 : -1;
}
