#pragma once
#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop (compiler-rt, FuzzerInterface.h): calls `one` with each input until its arguments say to stop.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*one)(const uint8_t *bytes, size_t size));
