// XXH3 of xxHash.
#pragma once
#include <xxhash.h>

// On x86 the library has faster ways for processors with AVX2 or AVX-512, and looks for these when it runs. Same hashes.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#define XXH_DISPATCH_DISABLE_REPLACE
#include <xxh_x86dispatch.h>
#define CXXHASH_128 XXH3_128bits_withSeed_dispatch
#else
#define CXXHASH_128 XXH3_128bits_withSeed
#endif

static inline XXH128_hash_t cxxhash_128(const void *bytes, size_t length, XXH64_hash_t seed) {
  return CXXHASH_128(bytes, length, seed);
}
