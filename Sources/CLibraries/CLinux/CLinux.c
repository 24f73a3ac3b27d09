#define _GNU_SOURCE
#include <sys/mman.h>
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/vfs.h>
#include <unistd.h>

const uint32_t clinux_epollin = EPOLLIN, clinux_epollout = EPOLLOUT, clinux_epollerr = EPOLLERR,
               clinux_epollhup = EPOLLHUP, clinux_epollrdhup = EPOLLRDHUP,
               clinux_epollpri = EPOLLPRI, clinux_epollet = EPOLLET;

const int16_t clinux_pollrdhup = POLLRDHUP;

int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, operation, fd, &event);
}
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
  return control(epoll, EPOLL_CTL_ADD, fd, events, token);
}
int clinux_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_ms) {
  struct epoll_event found[256];
  if (capacity > 256) capacity = 256;
  const int count = epoll_wait(epoll, found, capacity, timeout_ms);
  for (int i = 0; i < count; ++i) {
    events[i].events = found[i].events;
    events[i].token = found[i].data.u64;
  }
  return count;
}

int clinux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int clinux_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_ofd_try_lock(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_OFD_SETLK, &lock);
}

int clinux_ofd_unlock(int fd) {
  struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_OFD_SETLK, &lock);
}

int clinux_ofd_is_locked(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, F_OFD_GETLK, &lock) != 0) return -1;
  return lock.l_type != F_UNLCK;
}

int clinux_open(const char *path, int flags, unsigned mode) {
  return open(path, flags | O_CLOEXEC, (mode_t)mode);
}

int clinux_listen(const struct sockaddr *address, socklen_t length, int backlog, int is_shared) {
  const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int one = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
      (!is_shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) == 0) &&
      bind(fd, address, length) == 0 && listen(fd, backlog) == 0)
    return fd;
  const int reason = errno;
  close(fd);
  errno = reason;
  return -1;
}

struct start {
  void (*body)(void *);
  void *context;
};
static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}
int clinux_thread_start(pthread_t *thread, const char *name, void (*body)(void *), void *context) {
  struct start *start = malloc(sizeof *start);
  if (!start) return ENOMEM;
  *start = (struct start){body, context};
  const int status = pthread_create(thread, NULL, run, start);
  if (status) {
    free(start);
    return status;
  }
  char cut[16];
  snprintf(cut, sizeof cut, "%s", name);
  pthread_setname_np(*thread, cut);
  return 0;
}

int clinux_resolve(const char *host, const char *port, struct sockaddr_storage *storage,
                   socklen_t *length) {
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
  struct addrinfo *found = NULL;
  const int status = getaddrinfo(*host ? host : NULL, port, &hints, &found);
  if (status) return status;
  memcpy(storage, found->ai_addr, found->ai_addrlen);
  *length = found->ai_addrlen;
  freeaddrinfo(found);
  return 0;
}
const char *clinux_resolve_message(int code) { return gai_strerror(code); }

unsigned clinux_local_port(int fd) {
  struct sockaddr_storage found;
  socklen_t length = sizeof found;
  if (getsockname(fd, (struct sockaddr *)&found, &length) != 0) return 0;
  return ntohs(found.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&found)->sin6_port
                                           : ((struct sockaddr_in *)&found)->sin_port);
}

size_t clinux_describe_address(const struct sockaddr_storage *address, char *text, size_t capacity) {
  char host[INET6_ADDRSTRLEN] = "?";
  int count;
  if (address->ss_family == AF_INET6) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
    count = snprintf(text, capacity, "[%s]:%u", host, ntohs(six->sin6_port));
  } else {
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
    count = snprintf(text, capacity, "%s:%u", host, ntohs(four->sin_port));
  }
  return count < 0 ? 0 : (size_t)count < capacity ? (size_t)count : capacity - 1;
}

uint64_t clinux_file_system_type(int fd) {
  struct statfs found;
  return fstatfs(fd, &found) == 0 ? (uint64_t)found.f_type : 0;
}

ptrdiff_t clinux_find(const void *bytes, size_t count, const void *pattern, size_t length) {
  const char *found = memmem(bytes, count, pattern, length);
  return found ? found - (const char *)bytes : -1;
}
ptrdiff_t clinux_find_last(const void *bytes, size_t count, uint8_t byte) {
  const char *found = memrchr(bytes, byte, count);
  return found ? found - (const char *)bytes : -1;
}

void clinux_keep_freed_memory(int bytes) {
  mallopt(M_TRIM_THRESHOLD, bytes);
  // The first setting ends glibc's own choice of this one; larger pieces still go back at once.
  mallopt(M_MMAP_THRESHOLD, bytes);
}

void *clinux_mremap(void *memory, size_t old_bytes, size_t new_bytes) {
  return mremap(memory, old_bytes, new_bytes, MREMAP_MAYMOVE);
}
