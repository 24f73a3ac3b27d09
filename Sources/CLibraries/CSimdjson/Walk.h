// From a parsed document to flat tables.
#pragma once
#include "FieldWalker.h"
#include "Text.h"

#include <charconv>
#include <unordered_map>
#include <unordered_set>

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

constexpr size_t array_elements_kept = 16;
constexpr size_t key_bytes_max = 64;

inline bool is_key_like(std::string_view key) {
  if (key.empty() || key.size() > key_bytes_max) return false;
  for (const char c : key) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '@' || c == '/' || c == ':' || c == '-';
    if (!fine) return false;
  }
  return true;
}

/// What a relay has replaced itself is no content.
inline bool is_redaction_mark(std::string_view text) {
  return text.size() <= 96 && text.substr(0, 9) == "[REDACTED" && text.back() == ']';
}

inline bool is_none(std::string_view text) {
  return text.empty() || text == "None" || text == "null";
}

struct TooManyKeys {};

/// One walk over one document.
class Walk {
 public:
  Walk(cjson_walker &walker, cjson_frame &frame, bool exact)
      : walker_(walker), frame_(frame), exact_(exact) {
    frame_.present = 0;
    frame_.markers = 0;
    frame_.leaf_count = 0;
    frame_.content_count = 0;
    walker_.content.clear();
    walker_.aux.clear();
    walker_.seen.forget();
  }

  void root(object members) {
    walk(members, 0);
    if (may_collide_) drop_collisions();
  }
  bool has_duplicates() const { return has_duplicates_; }

 private:
  void walk(object members, uint32_t context) {
    if (exact_) return walk_exactly(members, context);
    const uint64_t salt = ++object_number_ * 0xd6e8feb86659fd93ull;
    uint64_t known[256 / 64] = {};  // the keys of the context met in this object
    for (auto [name, value] : members) {
      const uint64_t hash = hash_of(name);
      count_key();
      const Key *key = find(name, hash, context);
      if (key) {
        uint64_t &word = known[key->number / 64];
        const uint64_t bit = uint64_t(1) << (key->number % 64);
        has_duplicates_ |= (word & bit) != 0;
        word |= bit;
      } else {
        has_duplicates_ |= !walker_.seen.add(hash ^ salt);
      }
      member(name, key, value, context);
    }
  }

  const Key *find(std::string_view name, uint64_t hash, uint32_t context) const {
    return context == cjson_no_context ? nullptr : walker_.contexts[context].find(name, hash);
  }

  /// Of equal keys only the last is looked at. Slower: only for documents that have some.
  void walk_exactly(object members, uint32_t context) {
    std::unordered_map<std::string_view, size_t> last;
    size_t index = 0;
    for (auto [key, value] : members) last[key] = index++;
    frame_.duplicate_keys += uint32_t(index - last.size());
    index = 0;
    for (auto [key, value] : members) {
      count_key();
      if (last[key] == index++) member(key, find(key, hash_of(key), context), value, context);
    }
  }

  void count_key() {
    if (++keys_ > walker_.keys_max) throw TooManyKeys();
  }

  void member(std::string_view name, const Key *key, element value, uint32_t context) {
    walker_.path[depth_++] = name;
    if (key) {
      frame_.markers |= key->marker;
      act(value, *key);
    } else if (context == cjson_no_context) {
      act(value, unknown_);
    } else if (walker_.contexts[context].unknown == cjson_action_extra) {
      act(value, unknown_);
    } else if (walker_.contexts[context].unknown == cjson_action_content) {
      hash_content(value);
    }
    --depth_;
  }

  void act(element value, const Key &key) {
    if (key.action == cjson_action_ignore && key.object == cjson_no_context) return;
    switch (value.type()) {
      case element_type::OBJECT:
        if (key.object != cjson_no_context) return walk(object(value), key.object);
        if (key.action == cjson_action_content) return hash_content(value);
        return walk(object(value), cjson_no_context);
      case element_type::ARRAY:
        return elements(array(value), key);
      case element_type::NULL_VALUE:
        return;
      default:
        return scalar(value, key);
    }
  }

  void elements(array values, const Key &key) {
    if (key.element != cjson_no_context) {
      bool first = true;
      for (element value : values) {
        if (first && value.is<object>()) walk(object(value), key.element);
        else hash_content(value);
        first = false;
      }
    } else if (key.action == cjson_action_content) {
      hash_each(values);
    } else if (key.action == cjson_action_list) {
      for (element value : values) {
        if (value.is<array>() || value.is<object>()) hash_content(value);
        else scalar(value, key);
      }
    } else if (key.action != cjson_action_ignore) {
      unknown_array(values, key);
    }
  }

  void scalar(element value, const Key &key) {
    switch (key.action) {
      case cjson_action_slot: return fill(value, key);
      case cjson_action_content: return hash_content(value);
      case cjson_action_ignore: return;
      default: leaf(value, key);
    }
  }

  cjson_value make(element value, const Key &key) {
    cjson_value made{};
    made.slot = key.slot;
    made.rank = key.rank;
    made.row = key.row;
    switch (value.type()) {
      case element_type::STRING: {
        const std::string_view text = value;
        made.kind = 's';
        made.text_offset = uint32_t(reinterpret_cast<const uint8_t *>(text.data()) - walker_.text);
        made.text_length = uint32_t(text.size());
        made.flags = classify_padded(reinterpret_cast<const uint8_t *>(text.data()), text.size());
        break;
      }
      case element_type::INT64:
        made.kind = 'i';
        made.integer = int64_t(value);
        break;
      case element_type::UINT64:
        made.kind = 'u';
        made.integer = int64_t(uint64_t(value));
        break;
      case element_type::DOUBLE:
        made.kind = 'd';
        made.number = double(value);
        break;
      case element_type::BOOL:
        made.kind = bool(value) ? 't' : 'f';
        break;
      default:
        break;
    }
    return made;
  }

  void fill(element value, const Key &key) {
    const uint64_t bit = uint64_t(1) << key.slot;
    cjson_value &slot = walker_.slots[key.slot];
    if ((frame_.present & bit) && slot.rank < key.rank) return;
    if (value.is<std::string_view>() && is_none(std::string_view(value))) return;
    slot = make(value, key);
    frame_.present |= bit;
  }

  void leaf(element value, const Key &key) {
    if (value.is_null()) return;
    cjson_value made = make(value, key);
    if (made.kind == 's') {
      if (made.text_length == 0) return;
      if (key.action == cjson_action_extra) {
        made.flags |= cjson_flag_content;
        hash_content(value);
      }
    }
    add_leaf(made);
  }

  void unknown_array(array values, const Key &key) {
    size_t count = 0;
    bool numbers_only = true;
    for (element value : values) {
      ++count;
      const auto type = value.type();
      if (type == element_type::STRING || type == element_type::OBJECT || type == element_type::ARRAY)
        numbers_only = false;
    }
    if (count == 0) return;
    cjson_value made{};
    made.slot = cjson_no_slot;
    made.row = key.row;
    made.kind = 'a';
    made.integer = int64_t(count);
    if (!numbers_only) {
      hash_each(values);
    } else if (count <= array_elements_kept) {
      made.kind = 's';
      made.flags = cjson_flag_aux | cjson_flag_plain | cjson_flag_identifier;
      made.text_offset = uint32_t(walker_.aux.size());
      for (element value : values) append_number(value);
      walker_.aux += ']';
      made.text_length = uint32_t(walker_.aux.size() - made.text_offset);
    }
    add_leaf(made);
  }

  /// "[" before the first, "," before the others.
  void append_number(element value) {
    char digits[32];
    std::to_chars_result end{digits, {}};
    std::string &aux = walker_.aux;
    aux += array_count_++ == 0 ? '[' : ',';
    switch (value.type()) {
      case element_type::INT64: end = std::to_chars(digits, digits + 32, int64_t(value)); break;
      case element_type::UINT64: end = std::to_chars(digits, digits + 32, uint64_t(value)); break;
      case element_type::DOUBLE: end = std::to_chars(digits, digits + 32, double(value)); break;
      case element_type::BOOL: aux += bool(value) ? "true" : "false"; break;
      default: aux += "null"; break;
    }
    aux.append(digits, end.ptr);
  }

  void add_leaf(cjson_value value) {
    array_count_ = 0;
    if (frame_.leaf_count == walker_.leaves.size()) throw TooManyKeys();
    cjson_leaf &leaf = walker_.leaves[frame_.leaf_count++];
    leaf.value = value;
    leaf.path_offset = uint32_t(walker_.aux.size());
    if (value.slot == cjson_no_slot && append_path()) leaf.value.flags |= cjson_flag_suspect_path;
    leaf.path_length = uint32_t(walker_.aux.size() - leaf.path_offset);
  }

  /// Whether a key in it may be a secret: an address, a card, a token.
  bool append_path() {
    bool suspect = false;
    for (size_t i = 0; i < depth_; ++i) {
      const std::string_view key = walker_.path[i];
      const bool shown = is_key_like(key);
      may_collide_ |= !shown || key.find('.') != key.npos;
      if (i > 0) walker_.aux += '.';
      walker_.aux += shown ? key : std::string_view("[REDACTED_KEY]");
      const auto *bytes = reinterpret_cast<const uint8_t *>(key.data());
      suspect |= shown && (cjson_classify(bytes, key.size()) & cjson_flag_suspect);
    }
    return suspect;
  }

  /// Of leaves whose paths read alike only the first stays: a document must not hold a key twice.
  void drop_collisions() {
    std::unordered_set<std::string_view> paths;
    for (uint32_t i = 0; i < frame_.leaf_count; ++i) {
      cjson_leaf &leaf = walker_.leaves[i];
      if (leaf.value.slot != cjson_no_slot) continue;
      const std::string_view path(walker_.aux.data() + leaf.path_offset, leaf.path_length);
      if (!paths.insert(path).second) leaf.value.kind = 0;
    }
  }

  /// Takes all strings below a value into the content. `role` and `type` name a part, they hold no text.
  void hash_content(element value) {
    switch (value.type()) {
      case element_type::STRING: {
        const std::string_view text = value;
        if (text.empty() || is_redaction_mark(text)) return;
        const uint32_t length = uint32_t(text.size());
        walker_.content.append(reinterpret_cast<const char *>(&length), 4);
        walker_.content.append(text);
        ++frame_.content_count;
        return;
      }
      case element_type::OBJECT:
        for (auto [key, member] : object(value)) {
          if ((key == "role" || key == "type") && member.is<std::string_view>()) continue;
          hash_content(member);
        }
        return;
      case element_type::ARRAY:
        return hash_each(array(value));
      default:
        return;
    }
  }

  void hash_each(array values) {
    for (element value : values) hash_content(value);
  }

  cjson_walker &walker_;
  cjson_frame &frame_;
  const bool exact_;
  const Key unknown_;
  size_t keys_ = 0;
  uint64_t object_number_ = 0;
  size_t array_count_ = 0;
  bool has_duplicates_ = false;
  /// A path holds a key with a dot, or one not shown: two paths may look alike.
  bool may_collide_ = false;
  size_t depth_ = 0;
};
