// What one CRC of 32 bits differs from another in, where it is made by folding.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What moves a part over so many bytes, as the paper makes it: x^(8n + 32) and x^(8n - 32) modulo the polynomial P, reflected
/// and shifted by one. With P they are all that one polynomial differs from another in.
struct crc_fold {
  uint64_t by128[2], by64[2], by16[2];
  uint64_t by4;     // x^64
  uint64_t inverse; // x^64 / P
  uint64_t polynomial;
};

/// Takes the CRC, which is here without the inversions at its begin and end, over as many of the first bytes as can be folded.
/// How many: all whole 16 of them, or 0 where they are less than 64 or the processor has no carry-less multiplication.
size_t crc_fold_start(const struct crc_fold *with, uint32_t *crc, const void *bytes, size_t length);
