// CRC32 (gzip's): the part of it that is faster than zlib's.
#include "CLinux.h"
#include "CrcFold.h"

#if defined(__x86_64__)
// The paper's table for this polynomial; by128 is made as it makes by64.
static const struct crc_fold constants = {.by128 = {0x1E88EF372, 0x14A7FE880},
                                          .by64 = {0x154442BD4, 0x1C6E41596},
                                          .by16 = {0x1751997D0, 0x0CCAA009E},
                                          .by4 = 0x163CD6124,
                                          .inverse = 0x1F7011641,
                                          .polynomial = 0x1DB710641};

__attribute__((target("pclmul,sse4.1"))) static uint32_t crc32_by_folds(
    uint32_t crc, const uint8_t *at, size_t length) {
  return fold(&constants, crc, at, length);
}

__attribute__((target("vpclmulqdq,avx2,pclmul,sse4.1"))) static uint32_t crc32_by_wide_folds(
    uint32_t crc, const uint8_t *at, size_t length) {
  return fold_wide(&constants, crc, at, length);
}

size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length) {
  if (length < 64 || !can_fold()) return 0;
  const size_t whole = length & ~(size_t)15;
  *crc = ~(length >= 128 && can_fold_wide() ? crc32_by_wide_folds(~*crc, bytes, whole)
                                            : crc32_by_folds(~*crc, bytes, whole));
  return whole;
}
#else
size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length) {
  (void)crc, (void)bytes, (void)length;
  return 0;
}
#endif
