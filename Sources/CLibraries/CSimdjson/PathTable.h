// The path table: which keys of which objects mean what.
#pragma once
#include "Bytes.h"
#include "CSimdjson.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Keys are views into simdjson's string buffer, which is padded: eight bytes can always be read.
inline uint64_t hash_of(std::string_view key) {
  constexpr uint64_t prime = 0x9e3779b97f4a7c15ull;
  const char *at = key.data();
  size_t left = key.size();
  uint64_t hash = left * prime, word;
  for (; left > 8; at += 8, left -= 8) {
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * prime;
    hash ^= hash >> 29;
  }
  std::memcpy(&word, at, 8);
  if (left < 8) word &= (uint64_t(1) << (left * 8)) - 1;
  hash = (hash ^ word) * prime;
  return hash ^ hash >> 32;
}

inline uint64_t hash_of_unpadded(std::string_view key) {
  std::string padded(key);
  padded.append(16, '\0');
  return hash_of(std::string_view(padded.data(), key.size()));
}

/// What is done with the value a key leads to. What every member of a frame asks for stands first, on one cache line.
struct alignas(64) Key {
  /// The key as frames have it, with both quotes; of keys too long for that nothing.
  uint8_t written[32] = {};
  uint32_t written_rest = 0;  // a bit for each byte that does not count
  uint32_t marker = 0;
  /// The start of the value that a slot gets from this key, without kind and flags, as it lies in memory up to `text_offset`.
  uint64_t value_start = 0;
  /// The key that came behind this one in the last object of its kind: a sender writes its keys in one order, so this
  /// one is tried before its hash is worked out.
  mutable const Key *next = nullptr;
  /// The object that had this key last: having it twice is told so. No context lies within itself.
  mutable uint64_t met_in = 0;

  uint8_t action = cjson_action_extra;
  uint8_t slot = cjson_no_slot;
  uint8_t rank = 0;
  bool is_classed = true;  // its strings are names: how they may be used is found out while they are read
  bool is_shown = false;  // it may stand in a path without a second look
  bool used = false;
  uint16_t object = cjson_no_context;
  uint16_t element = cjson_no_context;
  uint32_t row = 0;
  uint64_t hash = 0;
  std::string text;

  /// Once all that was asked for is set: what is worked out of it.
  void complete() {
    hash = hash_of_unpadded(text);
    cjson_value made{};
    made.slot = slot;
    made.rank = rank;
    made.row = row;
    std::memcpy(&value_start, &made, sizeof value_start);
    const std::string quoted = '"' + text + '"';
    if (quoted.size() > sizeof written) return;
    std::memcpy(written, quoted.data(), quoted.size());
    written_rest = uint32_t(~uint64_t(0) << quoted.size());
  }

  /// The start of the value that a slot gets from this key.
  uint64_t value_head(uint8_t kind, uint8_t flags) const { return value_start | kind | uint64_t(flags) << 8; }

  /// Whether it stands there, quotes and all; 32 bytes can be read. A long key never seems to.
  __attribute__((always_inline)) bool stands_at(const uint8_t *place) const {
    Bytes first, second, first_wanted, second_wanted;
    std::memcpy(&first, place, 16);
    std::memcpy(&second, place + 16, 16);
    std::memcpy(&first_wanted, written, 16);
    std::memcpy(&second_wanted, written + 16, 16);
    const uint32_t equal = uint32_t(bits_of(first == first_wanted)) | uint32_t(bits_of(second == second_wanted)) << 16;
    return (equal | written_rest) == ~uint32_t(0);
  }
};

/// The keys of one kind of object: open addressing over full hashes, then the whole key is compared.
struct Context {
  uint8_t unknown = cjson_action_extra;
  size_t count = 0;
  std::vector<Key> keys = std::vector<Key>(8);
  /// The key that came first in the last object of this kind.
  const Key *first = nullptr;

  const Key *find(std::string_view key, uint64_t hash) const {
    for (size_t i = hash & (keys.size() - 1);; i = (i + 1) & (keys.size() - 1)) {
      const Key &found = keys[i];
      if (!found.used) return nullptr;
      if (found.hash == hash && found.text == key) return &found;
    }
  }

  void add(Key key) {
    first = nullptr;
    for (const Key &k : keys) k.next = nullptr;
    if (++count * 2 > keys.size()) {
      std::vector<Key> old(keys.size() * 2);
      old.swap(keys);
      for (Key &k : old)
        if (k.used) place(std::move(k));
    }
    place(std::move(key));
  }

 private:
  void place(Key key) {
    size_t i = key.hash & (keys.size() - 1);
    while (keys[i].used) i = (i + 1) & (keys.size() - 1);
    keys[i] = std::move(key);
  }
};

/// Remembers which keys an object had; forgets all at once.
class SeenKeys {
 public:
  explicit SeenKeys(size_t keys_max) : few_(64), many_(keys_max * 2) {}

  void forget() {
    few_.forget();
    many_.forget();
    count_ = 0;
  }

  /// False when it was there already (or, once in 2^64, looks so: the exact walk then decides).
  bool add(uint64_t hash) {
    if (count_ < few_max) {
      ++count_;
      return few_.add(hash);
    }
    if (count_ == few_max) {
      ++count_;
      few_.add_all_to(many_);
    }
    return many_.add(hash);
  }

 private:
  /// So many stand in a table of 1 KiB, which stays in the cache; with one more all of them go to the large one.
  static constexpr size_t few_max = 32;

  struct Cell {
    uint64_t hash = 0;
    uint32_t round = 0;
  };

  class Table {
   public:
    explicit Table(size_t size_min) {
      size_t size = 64;
      while (size < size_min) size *= 2;
      cells_.resize(size);
    }

    void forget() {
      if (++round_ == 0) {
        std::fill(cells_.begin(), cells_.end(), Cell{});
        round_ = 1;
      }
    }

    bool add(uint64_t hash) {
      for (size_t i = hash & (cells_.size() - 1);; i = (i + 1) & (cells_.size() - 1)) {
        Cell &cell = cells_[i];
        if (cell.round != round_) {
          cell = Cell{hash, round_};
          return true;
        }
        if (cell.hash == hash) return false;
      }
    }

    void add_all_to(Table &other) const {
      for (const Cell &cell : cells_)
        if (cell.round == round_) other.add(cell.hash);
    }

   private:
    std::vector<Cell> cells_;
    uint32_t round_ = 0;
  };

  Table few_, many_;
  size_t count_ = 0;
};
