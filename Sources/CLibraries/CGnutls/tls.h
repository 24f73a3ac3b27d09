// A TLS server's session: what is a macro, a tagged union or a callback in GnuTLS, so that Swift can not say it.
#pragma once
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

/// What a session that a library drives reads from, and what is learned on the way: the first bytes tell who sends something
/// that is no TLS.
struct cgnutls_source {
  int socket;
  unsigned first_count;
  unsigned char first[8];
  /// The peer has closed.
  int is_ended;
  /// The handshake is over: the client's Finished was right.
  int is_established;
};

static inline ssize_t cgnutls_pull(gnutls_transport_ptr_t from, void *bytes, size_t count) {
  struct cgnutls_source *source = from;
  ssize_t received = recv(source->socket, bytes, count, 0);
  for (ssize_t i = 0; i < received && source->first_count < sizeof source->first; i++)
    source->first[source->first_count++] = ((unsigned char *)bytes)[i];
  if (received == 0) source->is_ended = 1;
  return received;
}

static inline int cgnutls_note_finished(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                                        const gnutls_datum_t *message) {
  (void)type, (void)when, (void)message;
  struct cgnutls_source *source = gnutls_transport_get_ptr(session);
  if (incoming) source->is_established = 1;
  return 0;
}

/// Lets a session that has not begun yet read from `source`, which must outlive it.
static inline void cgnutls_watch(gnutls_session_t session, struct cgnutls_source *source) {
  gnutls_transport_set_ptr2(session, source, (gnutls_transport_ptr_t)(intptr_t)source->socket);
  gnutls_transport_set_pull_function(session, cgnutls_pull);
  gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST, cgnutls_note_finished);
}

/// A session of a server over a non-blocking socket. It never gives out tickets: they would lie unread at senders that only
/// send, and a close with unread bytes is a reset.
static inline int cgnutls_start_server(gnutls_session_t *session, int socket) {
  int status = gnutls_init(session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
  if (status == GNUTLS_E_SUCCESS) gnutls_transport_set_int(*session, socket);
  return status;
}

/// Gives it a certificate, and says whether a client certificate is asked for.
static inline int cgnutls_give_credentials(gnutls_session_t session, gnutls_certificate_credentials_t credentials,
                                           gnutls_certificate_request_t request) {
  gnutls_certificate_server_set_request(session, request);
  return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
}

/// The handshake fails unless the peer's certificate is from a trusted authority and meant for clients.
static inline void cgnutls_require_client(gnutls_session_t session) {
  // The session keeps the pointer.
  static gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
  gnutls_session_set_verify_cert2(session, &purpose, 1, 0);
}

/// The same, once the handshake is over: 0, or a GnuTLS error; then `status` says what is wrong with the certificate.
static inline int cgnutls_verify_client(gnutls_session_t session, unsigned *status) {
  gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
  return gnutls_certificate_verify_peers(session, &purpose, 1, status);
}

/// What is wrong with a certificate, as a sentence that ``cgnutls_free`` frees; NULL without memory.
static inline char *cgnutls_explain_status(unsigned status) {
  gnutls_datum_t text = {NULL, 0};
  if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) != GNUTLS_E_SUCCESS) return NULL;
  return (char *)text.data;
}

/// From when to when the certificate with this number in the chain counts, in seconds since 1970; 0: there is none.
static inline int cgnutls_times(gnutls_certificate_credentials_t credentials, unsigned number, int64_t *from, int64_t *to) {
  gnutls_datum_t der;
  gnutls_x509_crt_t certificate;
  if (gnutls_certificate_get_crt_raw(credentials, 0, number, &der) != GNUTLS_E_SUCCESS) return 0;
  if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS) return 0;
  int is_read = gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS;
  if (is_read) {
    *from = gnutls_x509_crt_get_activation_time(certificate);
    *to = gnutls_x509_crt_get_expiration_time(certificate);
  }
  gnutls_x509_crt_deinit(certificate);
  return is_read;
}

/// The subject of the server's own certificate into `text`; 0: it can not be told.
static inline int cgnutls_subject(gnutls_certificate_credentials_t credentials, char *text, size_t size) {
  gnutls_datum_t der;
  gnutls_x509_crt_t certificate;
  if (gnutls_certificate_get_crt_raw(credentials, 0, 0, &der) != GNUTLS_E_SUCCESS) return 0;
  if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS) return 0;
  int found = gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS &&
              gnutls_x509_crt_get_dn(certificate, text, &size) == GNUTLS_E_SUCCESS;
  gnutls_x509_crt_deinit(certificate);
  return found;
}

/// What a certificate says of itself.
struct cgnutls_facts {
  /// From when to when it counts, in seconds since 1970.
  int64_t from, to;
  /// It signs others.
  int is_authority;
  /// It is meant for the host that was asked for.
  int is_for_host;
  char subject[512], issuer[512];
  /// The names it is for, separated by ", ".
  char names[1024];
};

/// Reads the first certificate of a PEM text; 0: there is none that GnuTLS can read.
static inline int cgnutls_read_facts(const unsigned char *pem, size_t count, const char *host, struct cgnutls_facts *facts) {
  gnutls_datum_t text = {(unsigned char *)pem, (unsigned)count};
  gnutls_x509_crt_t certificate;
  memset(facts, 0, sizeof *facts);
  if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS) return 0;
  int is_read = gnutls_x509_crt_import(certificate, &text, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS;
  if (is_read) {
    facts->from = gnutls_x509_crt_get_activation_time(certificate);
    facts->to = gnutls_x509_crt_get_expiration_time(certificate);
    facts->is_authority = gnutls_x509_crt_get_ca_status(certificate, NULL) > 0;
    facts->is_for_host = *host && gnutls_x509_crt_check_hostname(certificate, host) != 0;
    size_t size = sizeof facts->subject;
    if (gnutls_x509_crt_get_dn(certificate, facts->subject, &size) != GNUTLS_E_SUCCESS) facts->subject[0] = 0;
    size = sizeof facts->issuer;
    if (gnutls_x509_crt_get_issuer_dn(certificate, facts->issuer, &size) != GNUTLS_E_SUCCESS) facts->issuer[0] = 0;
    size_t length = 0;
    for (unsigned number = 0; number < 32; number++) {
      char name[256], readable[64];
      size_t name_size = sizeof name - 1;
      int kind = gnutls_x509_crt_get_subject_alt_name(certificate, number, name, &name_size, NULL);
      if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) break;
      if (kind < 0) continue;
      name[name_size] = 0;
      const char *shown = name;
      if (kind == GNUTLS_SAN_IPADDRESS)
        shown = inet_ntop(name_size == 4 ? AF_INET : AF_INET6, name, readable, sizeof readable);
      else if (kind != GNUTLS_SAN_DNSNAME)
        continue;
      int added = shown ? snprintf(facts->names + length, sizeof facts->names - length, "%s%s", length ? ", " : "", shown) : 0;
      if (added < 0 || (size_t)added >= sizeof facts->names - length) {
        facts->names[length] = 0;
        break;
      }
      length += (size_t)added;
    }
  }
  gnutls_x509_crt_deinit(certificate);
  return is_read;
}
