// What Swift can not import of zlib: the initialisers are macros.
#pragma once
#include <zlib.h>

/// A whole gzip member: header and trailer by zlib.
static inline int czlib_deflate_init_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}
/// Raw deflate: no header, no trailer.
static inline int czlib_deflate_init_raw(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}
/// Takes gzip or zlib, whichever the header says.
static inline int czlib_inflate_init_auto(z_stream *stream) {
  return inflateInit2(stream, MAX_WBITS + 32);
}
static inline int czlib_inflate_init_raw(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}
