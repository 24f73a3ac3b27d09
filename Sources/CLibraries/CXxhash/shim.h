// XXH3 of xxHash.
#pragma once
#include <xxhash.h>
