// `#embed` (C23) and not SwiftPM's `.embedInCode`: 55 kB of array literal take swiftc 18 s, this takes none.
#pragma clang diagnostic ignored "-Wc23-extensions"
#include "CResources.h"

static const unsigned char prices[] = {
#embed "data/prices-2026.json"
};
const unsigned char *cresources_prices_start(void) { return prices; }
const size_t cresources_prices_size = sizeof prices;
