// Where a scanner of JSON that knows strings and brackets, no more, has to look.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
typedef uint8_t clinux_bytes16 __attribute__((vector_size(16)));
static inline clinux_bytes16 clinux_load16(const uint8_t *bytes) {
  clinux_bytes16 loaded;
  __builtin_memcpy(&loaded, bytes, 16);
  return loaded;
}
/// One bit a byte.
static inline unsigned clinux_mask16(clinux_bytes16 matches) {
  typedef char chars16 __attribute__((vector_size(16)));
  return (unsigned)__builtin_ia32_pmovmskb128((chars16)matches);
}
#endif

/// The first quote, backslash or line end from `at` on; `count`: there is none.
static inline size_t clinux_json_in_string(const uint8_t *bytes, size_t at, size_t count) {
#if defined(__SSE2__)
  for (; at + 16 <= count; at += 16) {
    const clinux_bytes16 text = clinux_load16(bytes + at);
    const unsigned found = clinux_mask16((clinux_bytes16)((text == '"') | (text == '\\') | (text == '\n')));
    if (found) return at + (size_t)__builtin_ctz(found);
  }
#endif
  while (at < count && bytes[at] != '"' && bytes[at] != '\\' && bytes[at] != '\n') ++at;
  return at;
}

/// The first quote, bracket or brace from `at` on; `count`: there is none.
static inline size_t clinux_json_between_strings(const uint8_t *bytes, size_t at, size_t count) {
  // One bit tells a bracket from a brace.
#if defined(__SSE2__)
  for (; at + 16 <= count; at += 16) {
    const clinux_bytes16 text = clinux_load16(bytes + at), braces = text | 0x20;
    const unsigned found = clinux_mask16((clinux_bytes16)((text == '"') | (braces == '{') | (braces == '}')));
    if (found) return at + (size_t)__builtin_ctz(found);
  }
#endif
  while (at < count && bytes[at] != '"' && (bytes[at] | 0x20) != '{' && (bytes[at] | 0x20) != '}') ++at;
  return at;
}
