// What Swift's Glibc does not carry: epoll, eventfd, accept4, OFD locks and a few more of Linux.
#pragma once
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "JsonScan.h"

int clinux_epoll_create(void);
/// `token` comes back in `struct clinux_event`.
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
int clinux_epoll_remove(int epoll, int fd);
struct clinux_event {
  uint32_t events;
  uint64_t token;
};
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_ms);
extern const uint32_t clinux_epollin, clinux_epollout, clinux_epollerr, clinux_epollhup,
    clinux_epollrdhup, clinux_epollpri, clinux_epollet;

extern const int16_t clinux_pollrdhup;

/// Bytes that will be wanted soon are fetched meanwhile; nothing happens where there are none.
static inline void clinux_prefetch(const void *bytes) { __builtin_prefetch(bytes, 1); }
/// The same for memory that will be written, so that no other core has it any more.
static inline void clinux_prefetch_for_writing(const void *address) {
#if defined(__x86_64__)
  __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
#else
  __builtin_prefetch(address, 1);
#endif
}

/// Non-blocking, close-on-exec.
int clinux_eventfd(void);
/// Non-blocking, close-on-exec.
int clinux_accept(int listener, struct sockaddr *address, socklen_t *length);
/// An open-file-description write lock over the whole file, without waiting. 0, or -1 and errno.
int clinux_ofd_try_lock(int fd);
int clinux_ofd_unlock(int fd);
/// Whether another open file description has such a lock: 1, 0, or -1 and errno. Works on a descriptor for reading.
int clinux_ofd_is_locked(int fd);
/// CRC32C of more bytes, from the CRC of those before (0: none).
uint32_t clinux_crc32c(uint32_t crc, const void *bytes, size_t length);
/// The same without the processor's instruction.
uint32_t clinux_crc32c_portable(uint32_t crc, const void *bytes, size_t length);
/// Takes as many bytes into zlib's CRC32 as the processor can take fast, none without the instruction: how many.
size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length);
/// How much freed memory each of the allocator's arenas may keep instead of giving it back to the system.
void clinux_keep_freed_memory(int bytes);
int clinux_open(const char *path, int flags, unsigned mode);
/// A stream socket of the address's family: SO_REUSEADDR, bound, listening, non-blocking, close-on-exec. Several shared
/// ones (SO_REUSEPORT) of one user can listen on one port; the kernel deals the connections out.
int clinux_listen(const struct sockaddr *address, socklen_t length, int backlog, int is_shared);
/// Starts a named thread; it is joinable.
int clinux_thread_start(pthread_t *thread, const char *name, void (*body)(void *), void *context);
/// The address of a resolved name and port; 0 or getaddrinfo's code. `storage` holds what it found.
int clinux_resolve(const char *host, const char *port, struct sockaddr_storage *storage,
                   socklen_t *length);
const char *clinux_resolve_message(int code);
/// The port a socket is bound to, 0 when it can not be told.
unsigned clinux_local_port(int fd);
/// "203.0.113.7:514" or "[2001:db8::1]:514" of a socket address; bytes written, without the final zero.
size_t clinux_describe_address(const struct sockaddr_storage *address, char *text, size_t capacity);
/// The magic number of the file system that holds `fd`, 0 when it can not be told.
uint64_t clinux_file_system_type(int fd);
/// Makes the file's blocks exist up to `length`, its content as it was. 0, or -1 and errno.
int clinux_allocate(int fd, uint64_t length);
/// A rename that fails with EEXIST where `to` is there already. 0, or -1 and errno.
int clinux_rename_exclusive(const char *from, const char *to);
/// btrfs: writes of this empty file, and all later ones, go to the same place. 0, or -1 and errno.
int clinux_set_no_copy_on_write(int fd);
/// 1, 0, or -1 where it can not be told.
int clinux_is_no_copy_on_write(int fd);
/// memmem and memrchr: where `pattern` begins, or where `byte` is last; -1 when it is not there.
ptrdiff_t clinux_find(const void *bytes, size_t count, const void *pattern, size_t length);
ptrdiff_t clinux_find_last(const void *bytes, size_t count, uint8_t byte);

/// A non-blocking stream socket at `path`, mode 0600, listening; EADDRINUSE when something is there already.
int clinux_unix_listen(const char *path, int backlog);
/// A connection to it, non-blocking; EAGAIN when as many wait there as may.
int clinux_unix_connect(const char *path);
/// The user at the other end of a Unix socket. 0, or -1 and errno.
int clinux_peer_user(int fd, uint32_t *user);

/// Sends `text` as one datagram to a Unix socket; `address` is a path, or @ and an abstract name. Never waits. 0, or -1 and errno.
int clinux_notify(const char *address, const char *text);

/// Starts a program with its signals set to their defaults; descriptors of -1 are inherited. 0 or an errno value.
int clinux_spawn(pid_t *pid, const char *program, char *const argv[], char *const envp[],
                 const char *folder, int input, int output, int error);
/// A descriptor that is readable once the process has ended; close-on-exec.
int clinux_process_descriptor(pid_t pid);
/// Both ends close-on-exec and numbered 3 or higher: ends[0] to read, ends[1] to write.
int clinux_pipe(int ends[2]);

/// An inotify descriptor, non-blocking, close-on-exec.
int clinux_watch_create(void);
/// Watches what happens in a folder: a number that is the same for the same folder, or -1 and errno.
int clinux_watch_add(int fd, const char *folder);
int clinux_watch_remove(int fd, int number);
/// Takes all events: 1 when files changed, 2 when names did (or events were lost), 3 both, 0 neither.
int clinux_watch_take(int fd);
/// The path without links, "." and ".."; 0, or -1 and errno. `path` has room for 4096 bytes.
int clinux_real_path(const char *given, char *path);

/// Grows a private mapping, which may move. MAP_FAILED and errno when it can not.
void *clinux_mremap(void *memory, size_t old_bytes, size_t new_bytes);

/// All addresses of a name as text, each with a line end; 0, or getaddrinfo's code for `clinux_resolve_message`.
int clinux_resolve_all(const char *host, char *addresses, size_t capacity);
/// Connects to an address and closes again: 0, or why not, as errno.
int clinux_try_connect(const char *address, const char *port, int timeout_ms);
/// The bytes of an address, 16 at the most; how many, 0 when it is none.
int clinux_address_bytes(const char *address, unsigned char *bytes);
