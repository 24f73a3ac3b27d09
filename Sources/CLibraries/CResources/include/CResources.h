// Files the program carries inside itself, as bytes.
#pragma once
#include <stddef.h>

/// data/prices-2026.json: the price books.
const unsigned char *cresources_prices_start(void);
extern const size_t cresources_prices_size;
