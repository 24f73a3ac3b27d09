// Sixteen bytes at a time.
#pragma once
#include <cstdint>

typedef uint8_t Bytes __attribute__((ext_vector_type(16)));

/// One bit a byte of what a comparison found.
template <typename Mask>
__attribute__((always_inline)) inline uint64_t bits_of(Mask mask) {
  typedef bool Bits __attribute__((ext_vector_type(16)));
  return __builtin_bit_cast(uint16_t, __builtin_convertvector(mask, Bits));
}
