// HMAC, hashes and constant-time comparison of GnuTLS; TLS itself is in tls.h.
#pragma once
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

// A macro-like function pointer of the library: frees what it allocated.
static inline void cgnutls_free(void *bytes) { gnutls_free(bytes); }
