// Test certificates, and a TLS client that does as it is told: small calls over GnuTLS for the tests of the inputs.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a certificate is made for; bits.
#define ctesttls_authority 1
#define ctesttls_for_servers 2
#define ctesttls_for_clients 4

/// Makes a key and a certificate that counts between two moments (seconds since 1970), and writes both as PEM. `issuer_*`
/// are files of an authority; NULL: it signs itself. 0, or a GnuTLS error.
int ctesttls_make(const char *certificate_path, const char *key_path, const char *issuer_certificate,
                  const char *issuer_key, const char *name, int64_t from, int64_t to, int purposes);

struct ctesttls_client;

/// A handshake over a blocking socket, which stays the caller's. With `authority` the server's certificate is checked. NULL:
/// it failed, and `failure` says how.
struct ctesttls_client *ctesttls_connect(int socket, const char *priorities, const char *certificate, const char *key,
                                         const char *authority, int *failure);
/// Sends all of it, in records of at most `record_bytes`. 0: it could not.
int ctesttls_send(struct ctesttls_client *client, const void *bytes, size_t count, size_t record_bytes);
/// As recv; below 0 a GnuTLS error.
ssize_t ctesttls_receive(struct ctesttls_client *client, void *bytes, size_t count);
/// Says that nothing more comes.
void ctesttls_finish(struct ctesttls_client *client);
/// Asks for a second handshake (TLS 1.2) or for new keys (TLS 1.3). 0: refused or broken.
int ctesttls_renew_keys(struct ctesttls_client *client);
void ctesttls_free(struct ctesttls_client *client);
