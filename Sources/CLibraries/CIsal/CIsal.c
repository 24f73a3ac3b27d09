#include "CIsal.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define MULTIARCH "x86_64-linux-gnu"
// After wide registers were in use, code for the narrow ones of old (zlib's) runs at half the speed until this is called.
__attribute__((target("avx"))) static void leave_wide_registers(void) { _mm256_zeroupper(); }
#define LEAVE_WIDE_REGISTERS() \
  do { \
    if (__builtin_cpu_supports("avx")) leave_wide_registers(); \
  } while (0)
#else
#if defined(__aarch64__)
#define MULTIARCH "aarch64-linux-gnu"
#endif
#define LEAVE_WIDE_REGISTERS() ((void)0)
#endif

// What `struct isal_zstream` of libisal.so.2 begins with. Behind it the library keeps its state, 80 KiB in version 2.30; it has
// 192 KiB here, and behind these bytes that must stay as they are.
struct zstream {
  uint8_t *next_in;
  uint32_t avail_in, total_in;
  uint8_t *next_out;
  uint32_t avail_out, total_out;
  void *hufftables;
  uint32_t level, level_buf_size;
  uint8_t *level_buf;
  uint16_t end_of_stream, flush, gzip_flag, hist_bits;
};
enum { STREAM_BYTES = 192 << 10, GUARD_BYTES = 4096, GUARD = 0xA5 };
// ISAL_DEF_LVL1_DEFAULT: the tokens of 64 KiB, and the tables of level 1.
enum { LEVEL_BYTES = 4096 + 2 * 8192 + 4 * 65536 };
enum { LEVEL = 1, FULL_FLUSH = 2 };
// A stored block of no bytes, not the last: what a flush ends with.
static const uint8_t EMPTY_BLOCK[5] = {0, 0, 0, 0xFF, 0xFF};

struct cisal_stream {
  _Alignas(64) union {
    struct zstream front;
    uint8_t bytes[STREAM_BYTES];
  } zstream;
  uint8_t guard[GUARD_BYTES];
  _Alignas(64) uint8_t level[LEVEL_BYTES];
  uint8_t level_guard[GUARD_BYTES];
};

static const char *const paths[] = {
#ifdef MULTIARCH
    "/usr/lib/" MULTIARCH "/libisal.so.2",
    "/lib/" MULTIARCH "/libisal.so.2",
#endif
    "/usr/lib64/libisal.so.2",
    "/usr/lib/libisal.so.2",
};
static const char *path = "";
static void (*init)(struct zstream *);
static int (*deflate_stateless)(struct zstream *);

int cisal_load(void) {
  void *library = NULL;
  for (size_t i = 0; i < sizeof paths / sizeof *paths && !library; ++i) {
    library = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
    if (library) path = paths[i];
  }
  if (!library) return 1;
  init = (void (*)(struct zstream *))dlsym(library, "isal_deflate_stateless_init");
  deflate_stateless = (int (*)(struct zstream *))dlsym(library, "isal_deflate_stateless");
  return init && deflate_stateless ? 0 : 2;
}

const char *cisal_path(void) { return path; }

cisal_stream *cisal_stream_create(void) {
  cisal_stream *stream = aligned_alloc(64, sizeof *stream);
  if (!stream) return NULL;
  memset(&stream->zstream, 0, sizeof stream->zstream);
  memset(stream->guard, GUARD, sizeof stream->guard);
  memset(stream->level_guard, GUARD, sizeof stream->level_guard);
  return stream;
}

void cisal_stream_free(cisal_stream *stream) { free(stream); }

static int is_untouched(const uint8_t *guard) {
  for (size_t i = 0; i < GUARD_BYTES; ++i)
    if (guard[i] != GUARD) return 0;
  return 1;
}

int cisal_stream_is_intact(const cisal_stream *stream) {
  return is_untouched(stream->guard) && is_untouched(stream->level_guard);
}

size_t cisal_deflate_piece(cisal_stream *stream, const void *bytes, size_t count, void *room,
                           size_t capacity) {
  if (count > UINT32_MAX || capacity > UINT32_MAX) return 0;
  struct zstream *front = &stream->zstream.front;
  init(front);
  front->level = LEVEL;
  front->level_buf = stream->level;
  front->level_buf_size = LEVEL_BYTES;
  front->flush = FULL_FLUSH;
  // The library does not write to its input.
  front->next_in = (uint8_t *)bytes;
  front->avail_in = (uint32_t)count;
  front->next_out = room;
  front->avail_out = (uint32_t)capacity;
  const int status = deflate_stateless(front);
  LEAVE_WIDE_REGISTERS();
  if (status != 0 || front->avail_in != 0) return 0;
  const size_t written = capacity - front->avail_out;
  if (written >= 4 && memcmp(front->next_out - 4, EMPTY_BLOCK + 1, 4) == 0) return written;
  // What does not compress ends with its last stored block, on a byte as well; the mark of the flush goes behind it.
  if (front->avail_out < sizeof EMPTY_BLOCK) return 0;
  memcpy(front->next_out, EMPTY_BLOCK, sizeof EMPTY_BLOCK);
  return written + sizeof EMPTY_BLOCK;
}
