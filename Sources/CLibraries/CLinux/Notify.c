// One datagram to whoever started the program and waits to hear from it.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int clinux_notify(const char *address, const char *text) {
  struct sockaddr_un target = {.sun_family = AF_UNIX};
  const size_t length = strlen(address);
  if (length < 2 || length >= sizeof target.sun_path || (address[0] != '/' && address[0] != '@')) {
    errno = EINVAL;
    return -1;
  }
  memcpy(target.sun_path, address, length);
  // An abstract name begins with a zero.
  if (address[0] == '@') target.sun_path[0] = 0;
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  const ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&target,
                              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
  const int reason = errno;
  close(fd);
  errno = reason;
  return sent < 0 ? -1 : 0;
}
