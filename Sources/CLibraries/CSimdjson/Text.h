// What a string may be used for.
#pragma once
#include "CSimdjson.h"

/// Whether a text has letters, nothing but letters, digits and `_ - . : /`, no prefix of a key, and 64 bytes at most: most
/// names, which need no second look. 15 bytes behind it must be readable.
bool is_common_name(const uint8_t *text, size_t length);
