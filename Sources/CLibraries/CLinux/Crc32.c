// CRC32 (gzip's) by carry-less multiplication, where the processor has it: V. Gopal and others, "Fast CRC Computation for
// Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009; the constants are those of its table for this polynomial.
#include "CLinux.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDS __attribute__((target("pclmul,sse4.1")))

FOLDS static inline __m128i loaded(const uint8_t *at) {
  return _mm_loadu_si128((const __m128i *)at);
}

FOLDS static inline __m128i folded(__m128i value, __m128i constants, __m128i next) {
  return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(value, constants, 0x00),
                                           _mm_clmulepi64_si128(value, constants, 0x11)));
}

/// `length` is at least 64 and a multiple of 16; `crc` without zlib's inversion.
FOLDS static uint32_t fold(uint32_t crc, const uint8_t *at, size_t length) {
  const __m128i by64 = _mm_set_epi64x(0x1C6E41596, 0x154442BD4);
  const __m128i by16 = _mm_set_epi64x(0x0CCAA009E, 0x1751997D0);
  __m128i a = _mm_xor_si128(loaded(at), _mm_cvtsi32_si128((int)crc));
  __m128i b = loaded(at + 16), c = loaded(at + 32), d = loaded(at + 48);
  for (at += 64, length -= 64; length >= 64; at += 64, length -= 64) {
    a = folded(a, by64, loaded(at));
    b = folded(b, by64, loaded(at + 16));
    c = folded(c, by64, loaded(at + 32));
    d = folded(d, by64, loaded(at + 48));
  }
  a = folded(folded(folded(a, by16, b), by16, c), by16, d);
  for (; length >= 16; at += 16, length -= 16) a = folded(a, by16, loaded(at));

  // 128 bits to 64, then Barrett's reduction to 32.
  const __m128i words = _mm_setr_epi32(-1, 0, -1, 0);
  const __m128i by4 = _mm_set_epi64x(0, 0x163CD6124);
  const __m128i polynomial = _mm_set_epi64x(0x1F7011641, 0x1DB710641);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by16, 0x10));
  a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, words), by4, 0));
  __m128i part = _mm_clmulepi64_si128(_mm_and_si128(a, words), polynomial, 0x10);
  part = _mm_clmulepi64_si128(_mm_and_si128(part, words), polynomial, 0x00);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(a, part), 1);
}

size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length) {
  if (length < 64 || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1"))
    return 0;
  const size_t whole = length & ~(size_t)15;
  *crc = ~fold(~*crc, bytes, whole);
  return whole;
}
#else
size_t clinux_crc32_start(uint32_t *crc, const void *bytes, size_t length) {
  (void)crc, (void)bytes, (void)length;
  return 0;
}
#endif
