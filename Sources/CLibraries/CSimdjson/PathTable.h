// The path table: which keys of which objects mean what.
#pragma once
#include "CSimdjson.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct Key {
  uint64_t hash = 0;
  uint64_t head = 0, head_mask = 0, tail = 0;  // the first eight bytes, those that count, the last eight
  std::string text;
  /// The key that came behind this one in the last object of its kind: a sender writes its keys in one order, so this
  /// one is tried before its hash is worked out.
  mutable const Key *next = nullptr;
  /// The object that had this key last: having it twice is told so. No context lies within itself.
  mutable uint64_t met_in = 0;
  uint32_t row = 0;
  uint32_t marker = 0;
  uint16_t object = cjson_no_context;
  uint16_t element = cjson_no_context;
  uint8_t action = cjson_action_extra;
  uint8_t slot = cjson_no_slot;
  uint8_t rank = 0;
  bool is_classed = true;  // its strings are names: how they may be used is found out while they are read
  bool is_shown = false;  // it may stand in a path without a second look
  bool used = false;

  /// The start of the value that a slot gets from this key, as it lies in memory up to `text_offset`.
  uint64_t value_head(uint8_t kind, uint8_t flags) const {
    cjson_value made{};
    made.kind = kind;
    made.flags = flags;
    made.slot = slot;
    made.rank = rank;
    made.row = row;
    uint64_t head;
    std::memcpy(&head, &made, sizeof head);
    return head;
  }

  void set_text(const char *bytes, size_t length) {
    text.assign(bytes, length);
    char padded[8] = {};
    std::memcpy(padded, bytes, std::min<size_t>(length, 8));
    std::memcpy(&head, padded, 8);
    std::memset(padded, 0, 8);
    std::memset(padded, 0xff, std::min<size_t>(length, 8));
    std::memcpy(&head_mask, padded, 8);
    if (length > 8) std::memcpy(&tail, bytes + length - 8, 8);
  }

  /// Whether it is `key`, of which eight bytes can be read.
  bool is(std::string_view key) const {
    if (key.size() != text.size()) return false;
    uint64_t word;
    std::memcpy(&word, key.data(), 8);
    if ((word & head_mask) != head) return false;
    if (key.size() <= 8) return true;
    std::memcpy(&word, key.data() + key.size() - 8, 8);
    return word == tail && (key.size() <= 16 || std::memcmp(key.data() + 8, text.data() + 8, key.size() - 16) == 0);
  }
};

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
      if (found.hash == hash && found.is(key)) return &found;
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
