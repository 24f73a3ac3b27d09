#include "CTestTls.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRY(call) \
  do { \
    status = (call); \
    if (status < 0) goto end; \
  } while (0)

// In the same folder and renamed, so that a reader sees the old file or the new one.
static int write_file(const char *path, const gnutls_datum_t *text) {
  char temporary[4096];
  snprintf(temporary, sizeof temporary, "%s.new", path);
  FILE *file = fopen(temporary, "w");
  if (!file) return GNUTLS_E_FILE_ERROR;
  size_t written = fwrite(text->data, 1, text->size, file);
  if (fclose(file) != 0 || written != text->size || chmod(temporary, 0600) != 0 || rename(temporary, path) != 0)
    return GNUTLS_E_FILE_ERROR;
  return 0;
}

int ctesttls_make(const char *certificate_path, const char *key_path, const char *issuer_certificate,
                  const char *issuer_key, const char *name, int64_t from, int64_t to, int purposes) {
  gnutls_x509_privkey_t key = NULL, signer_key = NULL;
  gnutls_x509_crt_t certificate = NULL, signer = NULL;
  gnutls_datum_t text = {NULL, 0}, loaded = {NULL, 0};
  int status;
  unsigned char serial[8];
  char subject[256];
  TRY(gnutls_x509_privkey_init(&key));
  TRY(gnutls_x509_crt_init(&certificate));
  TRY(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
  snprintf(subject, sizeof subject, "CN=%s", name);
  TRY(gnutls_x509_crt_set_dn(certificate, subject, NULL));
  TRY(gnutls_x509_crt_set_version(certificate, 3));
  TRY(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial));
  serial[0] &= 0x7f;
  TRY(gnutls_x509_crt_set_serial(certificate, serial, sizeof serial));
  TRY(gnutls_x509_crt_set_activation_time(certificate, from));
  TRY(gnutls_x509_crt_set_expiration_time(certificate, to));
  TRY(gnutls_x509_crt_set_key(certificate, key));
  if (purposes & ctesttls_authority) {
    TRY(gnutls_x509_crt_set_basic_constraints(certificate, 1, -1));
    TRY(gnutls_x509_crt_set_key_usage(certificate, GNUTLS_KEY_KEY_CERT_SIGN));
  } else {
    TRY(gnutls_x509_crt_set_basic_constraints(certificate, 0, -1));
    TRY(gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET));
  }
  if (purposes & ctesttls_for_servers)
    TRY(gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  if (purposes & ctesttls_for_clients)
    TRY(gnutls_x509_crt_set_key_purpose_oid(certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0));
  if (issuer_certificate) {
    TRY(gnutls_x509_crt_init(&signer));
    TRY(gnutls_x509_privkey_init(&signer_key));
    TRY(gnutls_load_file(issuer_certificate, &loaded));
    TRY(gnutls_x509_crt_import(signer, &loaded, GNUTLS_X509_FMT_PEM));
    gnutls_free(loaded.data);
    loaded.data = NULL;
    TRY(gnutls_load_file(issuer_key, &loaded));
    TRY(gnutls_x509_privkey_import(signer_key, &loaded, GNUTLS_X509_FMT_PEM));
  }
  TRY(gnutls_x509_crt_sign2(certificate, signer ? signer : certificate, signer_key ? signer_key : key,
                            GNUTLS_DIG_SHA256, 0));
  // The key first: a certificate without its key would never be used.
  TRY(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &text));
  TRY(write_file(key_path, &text));
  gnutls_free(text.data);
  text.data = NULL;
  TRY(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text));
  TRY(write_file(certificate_path, &text));
  status = 0;
end:
  gnutls_free(text.data);
  gnutls_free(loaded.data);
  if (key) gnutls_x509_privkey_deinit(key);
  if (signer_key) gnutls_x509_privkey_deinit(signer_key);
  if (certificate) gnutls_x509_crt_deinit(certificate);
  if (signer) gnutls_x509_crt_deinit(signer);
  return status;
}

struct ctesttls_client {
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
};

void ctesttls_free(struct ctesttls_client *client) {
  if (client->session) gnutls_deinit(client->session);
  if (client->credentials) gnutls_certificate_free_credentials(client->credentials);
  free(client);
}

struct ctesttls_client *ctesttls_connect(int socket, const char *priorities, const char *certificate, const char *key,
                                         const char *authority, int *failure) {
  struct ctesttls_client *client = calloc(1, sizeof *client);
  int status = GNUTLS_E_MEMORY_ERROR;
  if (!client) goto end;
  TRY(gnutls_certificate_allocate_credentials(&client->credentials));
  if (certificate)
    TRY(gnutls_certificate_set_x509_key_file(client->credentials, certificate, key, GNUTLS_X509_FMT_PEM));
  if (authority)
    TRY(gnutls_certificate_set_x509_trust_file(client->credentials, authority, GNUTLS_X509_FMT_PEM));
  // Sends its certificate also to a server that does not know the authority.
  TRY(gnutls_init(&client->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL | GNUTLS_FORCE_CLIENT_CERT));
  TRY(gnutls_priority_set_direct(client->session, priorities, NULL));
  TRY(gnutls_credentials_set(client->session, GNUTLS_CRD_CERTIFICATE, client->credentials));
  if (authority) gnutls_session_set_verify_cert(client->session, "localhost", 0);
  gnutls_transport_set_int(client->session, socket);
  do {
    status = gnutls_handshake(client->session);
  } while (status < 0 && status != GNUTLS_E_AGAIN && !gnutls_error_is_fatal(status));
  if (status == GNUTLS_E_SUCCESS) return client;
  gnutls_alert_send_appropriate(client->session, status);
end:
  *failure = status;
  if (client) ctesttls_free(client);
  return NULL;
}

int ctesttls_send(struct ctesttls_client *client, const void *bytes, size_t count, size_t record_bytes) {
  const char *at = bytes;
  while (count > 0) {
    ssize_t sent = gnutls_record_send(client->session, at, count < record_bytes ? count : record_bytes);
    if (sent == GNUTLS_E_INTERRUPTED) continue;
    if (sent <= 0) return 0;
    at += sent;
    count -= (size_t)sent;
  }
  return 1;
}

ssize_t ctesttls_receive(struct ctesttls_client *client, void *bytes, size_t count) {
  for (;;) {
    ssize_t received = gnutls_record_recv(client->session, bytes, count);
    if (received >= 0 || received == GNUTLS_E_AGAIN || gnutls_error_is_fatal((int)received)) return received;
    if (received == GNUTLS_E_WARNING_ALERT_RECEIVED) continue;
  }
}

void ctesttls_finish(struct ctesttls_client *client) { gnutls_bye(client->session, GNUTLS_SHUT_WR); }

int ctesttls_renew_keys(struct ctesttls_client *client) {
  if (gnutls_protocol_get_version(client->session) == GNUTLS_TLS1_3)
    return gnutls_session_key_update(client->session, 0) == GNUTLS_E_SUCCESS;
  return gnutls_handshake(client->session) == GNUTLS_E_SUCCESS;
}
