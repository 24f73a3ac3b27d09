// A second look at a frame that simdjson refused.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

struct RepairedFrame {
  /// Something was replaced: `text` is worth one more parse.
  bool changed = false;
  /// A number is infinite or not a number: no repair helps.
  bool not_finite = false;
  std::string text;
};

/// The value of \uXXXX at `at`, or -1.
int unicode_escape(std::string_view text, size_t at);

/// Copies a frame; a lone surrogate escape becomes \ufffd, an integer beyond 64 bits a string of its digits.
RepairedFrame repair(const uint8_t *bytes, size_t length);
