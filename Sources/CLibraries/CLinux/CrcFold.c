// A CRC of 32 bits by carry-less multiplication, where the processor has it, for any polynomial: V. Gopal and others, "Fast CRC
// Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.
#include "CrcFold.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define FOLDS static __attribute__((target("pclmul,sse4.1")))

FOLDS __m128i loaded(const uint8_t *at) { return _mm_loadu_si128((const __m128i *)at); }

FOLDS __m128i pair(const uint64_t constants[2]) {
  return _mm_set_epi64x((long long)constants[1], (long long)constants[0]);
}

FOLDS __m128i folded(__m128i value, __m128i constants, __m128i next) {
  return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(value, constants, 0x00),
                                           _mm_clmulepi64_si128(value, constants, 0x11)));
}

/// What `a` stands for, with the `length` bytes behind it, a multiple of 16: 128 bits to 64, then Barrett's reduction to 32.
FOLDS uint32_t reduced(const struct crc_fold *with, __m128i a, const uint8_t *at, size_t length) {
  const __m128i by16 = pair(with->by16);
  for (; length >= 16; at += 16, length -= 16) a = folded(a, by16, loaded(at));
  const __m128i words = _mm_setr_epi32(-1, 0, -1, 0);
  const __m128i by4 = _mm_set_epi64x(0, (long long)with->by4);
  const __m128i polynomial = _mm_set_epi64x((long long)with->inverse, (long long)with->polynomial);
  a = _mm_xor_si128(_mm_srli_si128(a, 8), _mm_clmulepi64_si128(a, by16, 0x10));
  a = _mm_xor_si128(_mm_srli_si128(a, 4), _mm_clmulepi64_si128(_mm_and_si128(a, words), by4, 0));
  __m128i part = _mm_clmulepi64_si128(_mm_and_si128(a, words), polynomial, 0x10);
  part = _mm_clmulepi64_si128(_mm_and_si128(part, words), polynomial, 0x00);
  return (uint32_t)_mm_extract_epi32(_mm_xor_si128(a, part), 1);
}

/// `length` is at least 64 and a multiple of 16.
FOLDS uint32_t fold(const struct crc_fold *with, uint32_t crc, const uint8_t *at, size_t length) {
  const __m128i by64 = pair(with->by64);
  const __m128i by16 = pair(with->by16);
  __m128i a = _mm_xor_si128(loaded(at), _mm_cvtsi32_si128((int)crc));
  __m128i b = loaded(at + 16), c = loaded(at + 32), d = loaded(at + 48);
  for (at += 64, length -= 64; length >= 64; at += 64, length -= 64) {
    a = folded(a, by64, loaded(at));
    b = folded(b, by64, loaded(at + 16));
    c = folded(c, by64, loaded(at + 32));
    d = folded(d, by64, loaded(at + 48));
  }
  a = folded(folded(folded(a, by16, b), by16, c), by16, d);
  return reduced(with, a, at, length);
}

#define FOLDS_WIDE static __attribute__((target("vpclmulqdq,avx2,pclmul,sse4.1")))

FOLDS_WIDE __m256i loaded_wide(const uint8_t *at) {
  return _mm256_loadu_si256((const __m256i *)at);
}

FOLDS_WIDE __m256i folded_wide(__m256i value, __m256i constants, __m256i next) {
  return _mm256_xor_si256(next, _mm256_xor_si256(_mm256_clmulepi64_epi128(value, constants, 0x00),
                                                 _mm256_clmulepi64_epi128(value, constants, 0x11)));
}

/// The same with two steps in each register; `length` is at least 128 and a multiple of 16.
FOLDS_WIDE uint32_t fold_wide(const struct crc_fold *with, uint32_t crc, const uint8_t *at,
                              size_t length) {
  const __m256i by128 = _mm256_broadcastsi128_si256(pair(with->by128));
  const __m128i by16 = pair(with->by16);
  __m256i part[4];
  for (int i = 0; i < 4; ++i) part[i] = loaded_wide(at + 32 * i);
  part[0] = _mm256_xor_si256(part[0], _mm256_zextsi128_si256(_mm_cvtsi32_si128((int)crc)));
  for (at += 128, length -= 128; length >= 128; at += 128, length -= 128)
    for (int i = 0; i < 4; ++i) part[i] = folded_wide(part[i], by128, loaded_wide(at + 32 * i));
  __m128i a = _mm256_castsi256_si128(part[0]);
  a = folded(a, by16, _mm256_extracti128_si256(part[0], 1));
  for (int i = 1; i < 4; ++i) {
    a = folded(a, by16, _mm256_castsi256_si128(part[i]));
    a = folded(a, by16, _mm256_extracti128_si256(part[i], 1));
  }
  return reduced(with, a, at, length);
}

size_t crc_fold_start(const struct crc_fold *with, uint32_t *crc, const void *bytes, size_t length) {
  if (length < 64 || !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("sse4.1"))
    return 0;
  const size_t whole = length & ~(size_t)15;
  const int is_wide = length >= 128 && __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx2");
  *crc = is_wide ? fold_wide(with, *crc, bytes, whole) : fold(with, *crc, bytes, whole);
  return whole;
}
#else
size_t crc_fold_start(const struct crc_fold *with, uint32_t *crc, const void *bytes, size_t length) {
  (void)with, (void)crc, (void)bytes, (void)length;
  return 0;
}
#endif
