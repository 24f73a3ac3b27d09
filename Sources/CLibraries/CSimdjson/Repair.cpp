#include "Repair.h"

#include <charconv>
#include <cstring>
#include <string_view>

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

int unicode_escape(std::string_view text, size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int value = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

namespace {

class Repair {
 public:
  Repair(std::string_view in, RepairedFrame &out) : in_(in), out_(out) {
    out_.text.reserve(in.size() + 64);
  }

  void run() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"') {
        string();
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        number();
      } else {
        if (starts("NaN") || starts("nan") || starts("Infinity") || starts("inf"))
          out_.not_finite = true;
        take(1);
      }
    }
  }

 private:
  bool starts(std::string_view word) const { return in_.substr(at_, word.size()) == word; }

  void take(size_t count) {
    out_.text.append(in_.substr(at_, count));
    at_ += count;
  }

  void string() {
    take(1);
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '"') return take(1);
      if (c != '\\') {
        take(1);
      } else if (const int code = unicode_escape(in_, at_); code >= 0xd800 && code <= 0xdfff) {
        const int low = unicode_escape(in_, at_ + 6);
        if (code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
          take(12);
        } else {
          out_.text += "\\ufffd";
          out_.changed = true;
          at_ += 6;
        }
      } else {
        take(2);
      }
    }
  }

  void number() {
    size_t end = at_ + 1;
    bool integer = true;
    while (end < in_.size() && std::strchr("0123456789+-.eE", in_[end]) && in_[end] != 0) {
      if (std::strchr(".eE", in_[end])) integer = false;
      ++end;
    }
    const char *first = in_.data() + at_, *last = in_.data() + end;
    if (integer && is_beyond_64_bits(first, last)) {
      out_.text += '"';
      take(end - at_);
      out_.text += '"';
      out_.changed = true;
      return;
    }
    double value;
    if (!integer && std::from_chars(first, last, value).ec == std::errc::result_out_of_range &&
        !is_tiny(std::string_view(first, size_t(last - first))))
      out_.not_finite = true;
    if (*first == '-' && (in_.substr(end, 3) == "Inf" || in_.substr(end, 3) == "NaN"))
      out_.not_finite = true;
    take(end - at_);
  }

  /// from_chars says out of range for what rounds to zero, too.
  static bool is_tiny(std::string_view number) {
    const size_t e = number.find_first_of("eE");
    return e != std::string_view::npos && e + 1 < number.size() && number[e + 1] == '-';
  }

  static bool is_beyond_64_bits(const char *first, const char *last) {
    int64_t small;
    uint64_t large;
    if (*first == '-')
      return std::from_chars(first, last, small).ec == std::errc::result_out_of_range;
    return std::from_chars(first, last, large).ec == std::errc::result_out_of_range;
  }

  std::string_view in_;
  RepairedFrame &out_;
  size_t at_ = 0;
};

}  // namespace

RepairedFrame repair(const uint8_t *bytes, size_t length) {
  RepairedFrame frame;
  Repair(std::string_view(reinterpret_cast<const char *>(bytes), length), frame).run();
  return frame;
}
