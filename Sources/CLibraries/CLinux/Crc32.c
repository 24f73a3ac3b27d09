// CRC32 (gzip's): the part of it that is faster than zlib's.
#include "CLinux.h"
#include "CrcFold.h"

// The paper's table for this polynomial; by128 is made as it makes by64.
static const struct crc_fold constants = {.by128 = {0x1E88EF372, 0x14A7FE880},
                                          .by64 = {0x154442BD4, 0x1C6E41596},
                                          .by16 = {0x1751997D0, 0x0CCAA009E},
                                          .by4 = 0x163CD6124,
                                          .inverse = 0x1F7011641,
                                          .polynomial = 0x1DB710641};

size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length) {
  uint32_t plain = ~*crc;
  const size_t done = crc_fold_start(&constants, &plain, bytes, length);
  *crc = ~plain;
  return done;
}
