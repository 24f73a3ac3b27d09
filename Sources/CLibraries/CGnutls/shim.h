// HMAC, hashes and constant-time comparison of GnuTLS.
#pragma once
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
