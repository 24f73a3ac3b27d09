// What Swift can not import of libmicrohttpd: variadic functions.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <microhttpd.h>

/// What a daemon calls back; all on the thread that runs it.
struct cmicrohttpd_callbacks {
  MHD_AccessHandlerCallback handle;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
  /// Called when a request line has come; its result is the request's first state.
  void *(*request_line)(void *context, const char *uri, struct MHD_Connection *connection);
};

/// Never called: each TLS session is given its certificate when its connection begins. Without one the handshake fails.
static int cmicrohttpd_no_certificate(void) { return -1; }

/// A daemon without a thread: its epoll descriptor belongs into the caller's loop. It takes over `listener`. With
/// `tls_priorities` it speaks TLS alone.
static inline struct MHD_Daemon *cmicrohttpd_start_external(int listener, unsigned connections_max,
                                                            size_t connection_memory_bytes,
                                                            const char *tls_priorities,
                                                            struct cmicrohttpd_callbacks callbacks,
                                                            void *context) {
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities},
      {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)cmicrohttpd_no_certificate},
      {MHD_OPTION_END, 0, NULL}};
  struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | (tls_priorities ? MHD_USE_TLS : 0), 0, NULL, NULL,
      callbacks.handle, context,
      MHD_OPTION_LISTEN_SOCKET, (MHD_socket)listener,
      MHD_OPTION_CONNECTION_LIMIT, connections_max,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory_bytes,
      MHD_OPTION_STRICT_FOR_CLIENT, (int)1,
      MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, context,
      MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, context,
      MHD_OPTION_URI_LOG_CALLBACK, callbacks.request_line, context,
      MHD_OPTION_ARRAY, tls_priorities ? tls : plain,
      MHD_OPTION_END);
}

/// Whether the target of a request hides a NUL, which, decoded, would end its path where it stands.
static inline bool cmicrohttpd_hides_nul(const char *target) { return target && strstr(target, "%00"); }

/// The daemon's epoll descriptor, -1 if it has none.
static inline int cmicrohttpd_epoll(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info ? info->epoll_fd : -1;
}

static inline int cmicrohttpd_socket(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

/// The connection's `gnutls_session_t`; NULL: it has none.
static inline void *cmicrohttpd_tls_session(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info ? info->tls_session : NULL;
}

/// What the connection's first notification left there.
static inline void *cmicrohttpd_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

/// Milliseconds until the daemon wants to run without anything being ready; -1: never.
static inline int64_t cmicrohttpd_timeout_ms(struct MHD_Daemon *daemon) {
  MHD_UNSIGNED_LONG_LONG milliseconds = 0;
  if (MHD_get_timeout(daemon, &milliseconds) != MHD_YES) return -1;
  return milliseconds > 3600000 ? 3600000 : (int64_t)milliseconds;
}

/// The client's connection is done with; it goes away when the daemon runs next. Only once, and before the daemon stops.
static inline void cmicrohttpd_end_upgraded(struct MHD_UpgradeResponseHandle *handle) {
  MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}
