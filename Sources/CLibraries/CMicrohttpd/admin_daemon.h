// Starts the admin page's daemon: MHD_start_daemon is variadic, which Swift can not import.
#pragma once
#include <stdint.h>
#include <sys/socket.h>
#include <microhttpd.h>

/// One thread of its own on epoll, listening on `listener` (already listening; stays the caller's after MHD_quiesce_daemon).
/// Few small connections: it answers a person, a probe and a scraper.
static inline struct MHD_Daemon *cmicrohttpd_start_admin(
    int listener, MHD_AccessHandlerCallback answer, void *context) {
  return MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, answer, context,
      MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT, 64u,
      MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(32 << 10),
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}
