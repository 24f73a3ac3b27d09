// The tables that a walk fills: slots of known fields, leaves of unknown ones, the content.
#pragma once
#include "FieldWalker.h"
#include "Text.h"

#include <array>
#include <charconv>
#include <cstring>
#include <unordered_set>

constexpr size_t array_elements_kept = 16;
constexpr size_t key_bytes_max = 64;

inline bool is_key_like(std::string_view key) {
  static constexpr auto fine = [] {
    std::array<bool, 256> fine{};
    for (int c = 0; c < 128; ++c)
      fine[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '_' || c == '.' || c == '@' || c == '/' || c == ':' || c == '-';
    return fine;
  }();
  if (key.empty() || key.size() > key_bytes_max) return false;
  bool all = true;
  for (const char c : key) all &= fine[uint8_t(c)];
  return all;
}

/// Whether a key of the table can stand in the path of a leaf without being looked at: a name without a dot of its own.
inline bool is_shown_as_it_is(const std::string &key) {
  std::string padded = key + std::string(sizeof(uint64_t) * 8, ' ');
  return key.find('.') == key.npos && is_common_name(reinterpret_cast<const uint8_t *>(padded.data()), key.size());
}

/// What a relay has replaced itself is no content.
inline bool is_redaction_mark(std::string_view text) {
  return text.size() > 9 && text.size() <= 96 && std::memcmp(text.data(), "[REDACTED", 9) == 0 &&
         text.back() == ']';
}

inline bool is_none(std::string_view text) {
  if (text.size() != 4) return text.empty();
  return std::memcmp(text.data(), "None", 4) == 0 || std::memcmp(text.data(), "null", 4) == 0;
}

struct TooManyKeys {};

/// A value that is neither object nor array, as a walk finds it.
struct Scalar {
  uint8_t kind = 'n';  // as in `cjson_value`; 'n' null
  bool is_unescaped = false;  // the text stands in the auxiliary text
  std::string_view text;
  int64_t integer = 0;
  double number = 0;
};

/// What both walks do with what they find.
class FrameTables {
 protected:
  FrameTables(cjson_walker &walker, cjson_frame &frame, FrameStore &store)
      : walker_(walker), frame_(frame), store_(store) {
    frame_.present = 0;
    frame_.markers = 0;
    frame_.leaf_count = 0;
    frame_.list_count = 0;
    frame_.content_count = 0;
    store_.content.clear();
    store_.aux.clear();
    walker_.seen.forget();
  }

  const Key *find(std::string_view name, uint64_t hash, uint32_t context) const {
    return context == cjson_no_context ? nullptr : walker_.contexts[context].find(name, hash);
  }

  /// What tells the keys of one object from those of another.
  static uint64_t salt_of(uint64_t object_number) { return object_number * 0xd6e8feb86659fd93ull; }

  void count_keys(size_t count) {
    keys_ += count;
    if (keys_ > walker_.keys_max) throw TooManyKeys();
  }

  void scalar(const Scalar &value, const Key &key) {
    switch (key.action) {
      case cjson_action_slot: return fill(value, key);
      case cjson_action_content: return add_content(value);
      case cjson_action_ignore: return;
      default: leaf(value, key);
    }
  }

  /// Where the scalar of a field goes, unless a path that ranks before this one has brought it.
  cjson_value *room(const Key &key) {
    cjson_value &slot = store_.slots[key.slot];
    const bool is_taken = frame_.present >> key.slot & 1;
    return is_taken && slot.rank < key.rank ? nullptr : &slot;
  }

  /// Writes what all scalars of fields have, in one go.
  void fill(cjson_value &slot, uint8_t kind, uint8_t flags, const Key &key) {
    const uint64_t head = key.value_head(kind, flags);
    std::memcpy(&slot, &head, sizeof head);
    frame_.present |= uint64_t(1) << key.slot;
  }

  void fill(const Scalar &value, const Key &key) {
    if (value.kind == 's' && !value.is_unescaped) return fill_string(value.text, key);
    cjson_value *slot = room(key);
    if (!slot || (value.kind == 's' && is_none(value.text))) return;
    set(*slot, value, key);
    frame_.present |= uint64_t(1) << key.slot;
  }

  /// A string that stands in the text.
  __attribute__((always_inline)) void fill_string(std::string_view text, const Key &key) {
    cjson_value *slot = room(key);
    if (!slot || is_none(text)) return;
    const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
    slot->text_offset = uint32_t(bytes - store_.text);
    slot->text_length = uint32_t(text.size());
    fill(*slot, 's', key.is_classed ? cjson_classify_padded(bytes, text.size()) : uint8_t(cjson_flag_unclassed), key);
  }

  /// A string becomes content, unless it is empty or says that something was taken out.
  void add_content(const Scalar &value) {
    if (value.kind == 's') add_content(value.text);
  }

  void add_content(std::string_view text) {
    if (text.empty() || is_redaction_mark(text)) return;
    const uint32_t length = uint32_t(text.size());
    store_.content += std::string_view(reinterpret_cast<const char *>(&length), 4);
    store_.content += text;
    ++frame_.content_count;
  }

  /// An array that no key knows: short ones of numbers as they are (their text is in the auxiliary text from `text_offset`
  /// on), else only its length.
  void array_leaf(const Key &key, size_t count, bool is_shown, size_t text_offset) {
    cjson_value made{};
    made.slot = cjson_no_slot;
    made.row = key.row;
    made.kind = 'a';
    made.integer = int64_t(count);
    if (is_shown) {
      made.kind = 's';
      // One of its numbers may be a card's.
      made.flags = cjson_flag_aux | cjson_flag_plain | cjson_flag_identifier | cjson_flag_suspect;
      made.text_offset = uint32_t(text_offset);
      made.text_length = uint32_t(store_.aux.size() - text_offset);
    }
    add_leaf(made);
  }

  void append_number(const Scalar &value) {
    char digits[32];
    std::to_chars_result end{digits, {}};
    TextBuffer &aux = store_.aux;
    switch (value.kind) {
      case 'i': end = std::to_chars(digits, digits + 32, value.integer); break;
      case 'u': end = std::to_chars(digits, digits + 32, uint64_t(value.integer)); break;
      case 'd': end.ptr += cjson_write_double(reinterpret_cast<uint8_t *>(digits), value.number); break;
      case 't': aux += std::string_view("true"); break;
      case 'f': aux += std::string_view("false"); break;
      default: aux += std::string_view("null"); break;
    }
    aux += std::string_view(digits, size_t(end.ptr - digits));
  }

  /// Of leaves whose paths read alike only the first stays: a document must not hold a key twice.
  void drop_collisions() {
    std::unordered_set<std::string_view> paths;
    for (uint32_t i = 0; i < frame_.leaf_count; ++i) {
      cjson_leaf &leaf = store_.leaves[i];
      if (leaf.value.slot != cjson_no_slot) continue;
      const std::string_view path(store_.aux.data() + leaf.path_offset, leaf.path_length);
      if (!paths.insert(path).second) leaf.value.kind = 0;
    }
  }

  cjson_walker &walker_;
  cjson_frame &frame_;
  FrameStore &store_;
  const Key unknown_;
  bool has_duplicates_ = false;
  /// A path holds a key with a dot, or one not shown: two paths may look alike.
  bool may_collide_ = false;
  void enter(std::string_view name, const Key &key) {
    PathKey &entered = walker_.path[depth_++];
    entered.name = name;
    entered.is_judged = entered.is_shown = key.is_shown;
    entered.is_suspect = false;
  }
  void leave() { --depth_; }

 private:
  __attribute__((always_inline)) void set(cjson_value &made, const Scalar &value,
                                          const Key &key) const {
    made.kind = value.kind;
    made.flags = 0;
    made.slot = key.slot;
    made.rank = key.rank;
    made.row = key.row;
    made.integer = value.integer;
    made.number = value.number;
    if (value.kind != 's') return;
    const auto *bytes = reinterpret_cast<const uint8_t *>(value.text.data());
    const uint8_t *base = store_.text;
    if (value.is_unescaped) {
      base = reinterpret_cast<const uint8_t *>(store_.aux.data());
      made.flags = cjson_flag_aux | (key.is_classed ? cjson_classify(bytes, value.text.size())
                                                    : cjson_flag_unclassed);
    } else {
      made.flags = key.is_classed ? cjson_classify_padded(bytes, value.text.size()) : cjson_flag_unclassed;
    }
    made.text_offset = uint32_t(bytes - base);
    made.text_length = uint32_t(value.text.size());
  }

  void leaf(const Scalar &value, const Key &key) {
    if (value.kind == 'n' || (value.kind == 's' && value.text.empty())) return;
    cjson_value made{};
    set(made, value, key);
    if (value.kind == 's' && key.action == cjson_action_extra) {
      made.flags |= cjson_flag_content;
      add_content(value);
    }
    add_leaf(made);
  }

  void add_leaf(const cjson_value &value) {
    if (frame_.leaf_count == store_.leaves.size()) throw TooManyKeys();
    cjson_leaf &leaf = store_.leaves[frame_.leaf_count++];
    leaf.value = value;
    frame_.list_count += value.slot != cjson_no_slot;
    leaf.path_offset = uint32_t(store_.aux.size());
    if (value.slot == cjson_no_slot && append_path()) leaf.value.flags |= cjson_flag_suspect_path;
    leaf.path_length = uint32_t(store_.aux.size() - leaf.path_offset);
  }

  /// Whether a key in it may be a secret: an address, a card, a token.
  bool append_path() {
    TextBuffer &aux = store_.aux;
    bool suspect = false;
    for (size_t i = 0; i < depth_; ++i) {
      PathKey &key = walker_.path[i];
      if (!key.is_judged) judge(key);
      if (i > 0) aux += '.';
      if (key.is_shown) aux.add_padded(key.name);
      else aux += std::string_view("[REDACTED_KEY]");
      suspect |= key.is_suspect;
    }
    return suspect;
  }

  __attribute__((noinline)) void judge(PathKey &key) {
    const auto *bytes = reinterpret_cast<const uint8_t *>(key.name.data());
    const size_t length = key.name.size();
    const bool common = is_common_name(bytes, length);
    key.is_judged = true;
    key.is_shown = common || is_key_like(key.name);
    key.is_suspect = key.is_shown && !common && (cjson_classify(bytes, length) & cjson_flag_suspect);
    may_collide_ |= !key.is_shown || std::memchr(bytes, '.', length) != nullptr;
  }

  size_t depth_ = 0;
  size_t keys_ = 0;
};
