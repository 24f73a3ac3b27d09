// ISA-L's deflate, loaded at run time where the system has it: building needs neither the library nor its headers.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Loads libisal.so.2 from a library folder of the system, never from the environment's or the working folder. Call it once,
/// before anything else here. 0; 1: there is none; 2: there is one that lacks a function.
int cisal_load(void);
/// Where it was found, or "".
const char *cisal_path(void);

/// A compressor and its tables, for one thread at a time.
typedef struct cisal_stream cisal_stream;
/// NULL without memory.
cisal_stream *cisal_stream_create(void);
void cisal_stream_free(cisal_stream *stream);
/// Whether the library has kept to the memory that it was given.
int cisal_stream_is_intact(const cisal_stream *stream);
/// One raw deflate piece at level 1 that ends in a full flush. How many bytes it has, 0 when the library refused.
size_t cisal_deflate_piece(cisal_stream *stream, const void *bytes, size_t count, void *room,
                           size_t capacity);
