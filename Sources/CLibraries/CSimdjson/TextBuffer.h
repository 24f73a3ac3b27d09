// Text that grows at its end.
#pragma once
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

/// As `std::string`, but without zeros at its end, and short texts are added without a call.
class TextBuffer {
 public:
  TextBuffer() : bytes_(new char[capacity_ + room_behind]) {}

  const char *data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  std::string_view from(size_t start) const { return std::string_view(data() + start, size_ - start); }

  void clear() { size_ = 0; }
  /// Takes back what was added since it had that size.
  void cut(size_t size) { size_ = size; }

  void operator+=(char c) {
    make_room(1);
    bytes_[size_++] = c;
  }

  void operator+=(std::string_view text) {
    make_room(text.size());
    std::memcpy(bytes_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }

  /// A text of which 32 bytes from its start on can be read: short ones are copied with what lies behind them.
  void add_padded(std::string_view text) {
    if (text.size() > room_behind) return *this += text;
    make_room(text.size());
    std::memcpy(bytes_.get() + size_, text.data(), room_behind);
    size_ += text.size();
  }

 private:
  static constexpr size_t room_behind = 32;

  void make_room(size_t more) {
    if (__builtin_expect(size_ + more > capacity_, 0)) grow(more);
  }

  __attribute__((noinline)) void grow(size_t more) {
    size_t larger = capacity_ * 2;
    while (larger < size_ + more) larger *= 2;
    std::unique_ptr<char[]> moved(new char[larger + room_behind]);
    std::memcpy(moved.get(), bytes_.get(), size_);
    bytes_ = std::move(moved);
    capacity_ = larger;
  }

  size_t size_ = 0, capacity_ = 4096;
  std::unique_ptr<char[]> bytes_;
};
