// Unix stream sockets, also where the path is longer than a socket's address can hold.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// The address of `path`; where it is too long, by way of its folder, which is left open in *folder (-1: not needed).
static int address_of(const char *path, struct sockaddr_un *address, int *folder) {
  *folder = -1;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) < sizeof address->sun_path) {
    strcpy(address->sun_path, path);
    return 0;
  }
  const char *slash = strrchr(path, '/');
  char parent[4096];
  if (!slash || (size_t)(slash - path) >= sizeof parent) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(parent, path, (size_t)(slash - path));
  parent[slash - path] = 0;
  *folder = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (*folder < 0) return -1;
  const int length =
      snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d%s", *folder, slash);
  if (length >= (int)sizeof address->sun_path) {
    close(*folder);
    *folder = -1;
    errno = ENAMETOOLONG;
    return -1;
  }
  return 0;
}

static int closing(int fd, int folder) {
  const int reason = errno;
  if (fd >= 0) close(fd);
  if (folder >= 0) close(folder);
  errno = reason;
  return -1;
}

int clinux_unix_listen(const char *path, int backlog) {
  struct sockaddr_un address;
  int folder;
  if (address_of(path, &address, &folder) != 0) return -1;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // The mode of the socket is that of the file it makes; nobody can connect before it listens.
  if (fd < 0 || fchmod(fd, 0600) != 0 ||
      bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || chmod(address.sun_path, 0600) != 0 ||
      listen(fd, backlog) != 0)
    return closing(fd, folder);
  if (folder >= 0) close(folder);
  return fd;
}

int clinux_unix_connect(const char *path) {
  struct sockaddr_un address;
  int folder;
  if (address_of(path, &address, &folder) != 0) return -1;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return closing(fd, folder);
  if (folder >= 0) close(folder);
  return fd;
}

int clinux_peer_user(int fd, uint32_t *user) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
  *user = peer.uid;
  return 0;
}
