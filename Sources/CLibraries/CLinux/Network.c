// What a diagnosis asks of the network: all addresses of a name, and whether a port takes a connection.
#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_resolve_all(const char *host, char *addresses, size_t capacity) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  const int status = getaddrinfo(host, NULL, &hints, &found);
  if (status) return status;
  size_t length = 0;
  addresses[0] = 0;
  for (const struct addrinfo *at = found; at; at = at->ai_next) {
    char text[128];
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST)) continue;
    const int count = snprintf(addresses + length, capacity - length, "%s\n", text);
    if (count < 0 || (size_t)count >= capacity - length) {
      addresses[length] = 0;
      break;
    }
    length += (size_t)count;
  }
  freeaddrinfo(found);
  return 0;
}

int clinux_try_connect(const char *address, const char *port, int timeout_ms) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  if (getaddrinfo(address, port, &hints, &found)) return EADDRNOTAVAIL;
  int result = 0;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    result = errno;
  } else if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
    result = errno;
    if (result == EINPROGRESS) {
      struct pollfd entry = {.fd = fd, .events = POLLOUT};
      int ready;
      do ready = poll(&entry, 1, timeout_ms);
      while (ready < 0 && errno == EINTR);
      socklen_t size = sizeof result;
      if (ready == 0)
        result = ETIMEDOUT;
      else if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &size) != 0)
        result = errno;
    }
  }
  if (fd >= 0) close(fd);
  freeaddrinfo(found);
  return result;
}

int clinux_address_bytes(const char *address, unsigned char *bytes) {
  char text[128];
  // Without the interface of a link-local one.
  snprintf(text, sizeof text, "%s", address);
  text[strcspn(text, "%")] = 0;
  if (inet_pton(AF_INET, text, bytes) == 1) return 4;
  return inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}
