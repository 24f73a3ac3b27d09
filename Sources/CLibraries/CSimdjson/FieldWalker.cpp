// Frames into flat tables: simdjson's DOM parses, one walk over it fills slots of known fields, leaves of unknown
// ones and the content. What a key means is looked up in contexts, which the caller fills once.
#include "CSimdjson.h"
#include "Repair.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

/// A frame over this makes parser and buffers anew afterwards: the parser keeps 8 bytes a byte.
constexpr size_t keep_bytes_max = 1 << 20;
constexpr size_t array_elements_kept = 16;
constexpr size_t key_bytes_max = 64;

struct Key {
  uint64_t hash = 0;
  std::string text;
  uint32_t row = 0;
  uint32_t marker = 0;
  uint16_t object = cjson_no_context;
  uint16_t element = cjson_no_context;
  uint8_t action = cjson_action_extra;
  uint8_t slot = cjson_no_slot;
  uint8_t rank = 0;
  bool used = false;
};

/// Keys are views into simdjson's string buffer, which is padded: eight bytes can always be read.
uint64_t hash_of(std::string_view key) {
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

uint64_t hash_of_unpadded(std::string_view key) {
  std::string padded(key);
  padded.append(16, '\0');
  return hash_of(std::string_view(padded.data(), key.size()));
}

/// The keys of one kind of object: open addressing over full hashes, then the whole key is compared.
struct Context {
  uint8_t unknown = cjson_action_extra;
  size_t count = 0;
  std::vector<Key> keys = std::vector<Key>(8);

  const Key *find(std::string_view key, uint64_t hash) const {
    for (size_t i = hash & (keys.size() - 1);; i = (i + 1) & (keys.size() - 1)) {
      const Key &found = keys[i];
      if (!found.used) return nullptr;
      if (found.hash == hash && found.text == key) return &found;
    }
  }

  void add(Key key) {
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
  explicit SeenKeys(size_t keys_max) {
    size_t size = 64;
    while (size < keys_max * 2) size *= 2;
    cells_.resize(size);
  }
  void forget() {
    if (++round_ == 0) {
      std::fill(cells_.begin(), cells_.end(), Cell{});
      round_ = 1;
    }
  }
  /// False when it was there already (or, once in 2^64, looks so: the exact walk then decides).
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

 private:
  struct Cell {
    uint64_t hash = 0;
    uint32_t round = 0;
  };
  std::vector<Cell> cells_;
  uint32_t round_ = 0;
};

bool is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_key_like(std::string_view key) {
  if (key.empty() || key.size() > key_bytes_max) return false;
  for (const char c : key) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '@' || c == '/' || c == ':' || c == '-';
    if (!fine) return false;
  }
  return true;
}

/// What a relay has replaced itself is no content.
bool is_redaction_mark(std::string_view text) {
  return text.size() <= 96 && text.substr(0, 9) == "[REDACTED" && text.back() == ']';
}

bool is_none(std::string_view text) {
  return text.empty() || text == "None" || text == "null";
}

struct TooManyKeys {};

}  // namespace

struct cjson_walker {
  cjson_walker(size_t depth_max, size_t keys_max, size_t length_max)
      : depth_max(depth_max), keys_max(keys_max), length_max(length_max), seen(keys_max + 1) {
    leaves.resize(keys_max + 1);
    path.resize(depth_max + 1);
    renew();
  }

  void renew() {
    parser = std::make_unique<simdjson::dom::parser>(length_max + 64);
    (void)parser->allocate(64 << 10, levels());
    capacity = 64 << 10;
    is_swollen = false;
    text = nullptr;
    content = std::string();
    aux = std::string();
    repaired = std::string();
  }

  int read(const uint8_t *bytes, size_t length, cjson_frame &frame);

  /// simdjson refuses the level its limit names.
  size_t levels() const { return depth_max + 1; }

  const size_t depth_max, keys_max, length_max;
  std::vector<Context> contexts;
  SeenKeys seen;
  std::unique_ptr<simdjson::dom::parser> parser;
  size_t capacity = 0;
  bool is_swollen = false;  // a frame was so large that its memory must not be kept
  cjson_value slots[cjson_slots_max] = {};
  std::vector<cjson_leaf> leaves;
  std::vector<std::string_view> path;
  std::string content, aux, repaired;
  const uint8_t *text = nullptr;

 private:
  uint8_t parse(const uint8_t *bytes, size_t length, element &root, cjson_frame &frame);
  uint8_t refuse(simdjson::error_code error, const uint8_t *bytes, size_t length,
                 const RepairedFrame &second, cjson_frame &frame);
};

namespace {

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
    for (auto [key, value] : members) {
      const uint64_t hash = hash_of(key);
      count_key();
      has_duplicates_ |= !walker_.seen.add(hash ^ salt);
      member(key, hash, value, context);
    }
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
      if (last[key] == index++) member(key, hash_of(key), value, context);
    }
  }

  void count_key() {
    if (++keys_ > walker_.keys_max) throw TooManyKeys();
  }

  void member(std::string_view name, uint64_t hash, element value, uint32_t context) {
    walker_.path[depth_++] = name;
    if (context == cjson_no_context) {
      act(value, unknown_);
    } else if (const Key *key = walker_.contexts[context].find(name, hash)) {
      frame_.markers |= key->marker;
      act(value, *key);
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
        made.flags = cjson_classify(reinterpret_cast<const uint8_t *>(text.data()), text.size());
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
    if (value.slot == cjson_no_slot) append_path();
    leaf.path_length = uint32_t(walker_.aux.size() - leaf.path_offset);
  }

  void append_path() {
    for (size_t i = 0; i < depth_; ++i) {
      const std::string_view key = walker_.path[i];
      const bool shown = is_key_like(key);
      may_collide_ |= !shown || key.find('.') != key.npos;
      if (i > 0) walker_.aux += '.';
      walker_.aux += shown ? key : std::string_view("[REDACTED_KEY]");
    }
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

bool looks_like_utf16(const uint8_t *bytes, size_t length) {
  if (length < 2) return false;
  if ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)) return true;
  return (bytes[0] == 0 && bytes[1] != 0) || (bytes[0] != 0 && bytes[1] == 0);
}

}  // namespace

uint8_t cjson_walker::refuse(simdjson::error_code error, const uint8_t *bytes, size_t length,
                             const RepairedFrame &second, cjson_frame &frame) {
  frame.error_code = size_t(error);
  if (error == simdjson::UTF8_ERROR || looks_like_utf16(bytes, length)) return cjson_not_utf8;
  if (error == simdjson::DEPTH_ERROR) return cjson_too_deep;
  if (error == simdjson::CAPACITY) return cjson_too_long;
  if (error == simdjson::MEMALLOC) return cjson_no_memory;
  return second.not_finite ? cjson_not_finite : cjson_not_json;
}

uint8_t cjson_walker::parse(const uint8_t *bytes, size_t length, element &root,
                            cjson_frame &frame) {
  if (length > capacity) {
    while (capacity < length) capacity *= 2;
    if (parser->allocate(capacity, levels())) return cjson_no_memory;
  }
  auto error = parser->parse(bytes, length, false).get(root);
  if (!error) return cjson_ok;
  if (looks_like_utf16(bytes, length)) return refuse(error, bytes, length, {}, frame);
  const bool can_repair = error == simdjson::STRING_ERROR || error == simdjson::NUMBER_ERROR;
  RepairedFrame second;
  if (error != simdjson::UTF8_ERROR && error != simdjson::DEPTH_ERROR)
    second = repair(bytes, length);
  if (can_repair && second.changed && !second.not_finite) {
    repaired = std::move(second.text);
    error = parser->parse(repaired.data(), repaired.size(), true).get(root);
    frame.repaired = !error;
    if (!error) return cjson_ok;
  }
  return refuse(error, bytes, length, second, frame);
}

int cjson_walker::read(const uint8_t *bytes, size_t length, cjson_frame &frame) {
  size_t first = 0;
  while (first < length && is_blank(bytes[first])) ++first;
  if (length - first >= 3 && std::memcmp(bytes + first, "\xef\xbb\xbf", 3) == 0) first += 3;
  while (first < length && is_blank(bytes[first])) ++first;
  while (length > first && is_blank(bytes[length - 1])) --length;
  if (first == length) return 0;
  frame.offset = first;
  frame.length = length - first;
  frame.repaired = 0;
  frame.error_code = 0;
  frame.duplicate_keys = 0;
  frame.content_length = 0;
  if (frame.length > length_max) {
    frame.status = cjson_too_long;
    return 1;
  }
  is_swollen |= frame.length > keep_bytes_max;
  element root;
  frame.status = parse(bytes + first, frame.length, root, frame);
  if (frame.status != cjson_ok) return 1;
  text = parser->doc.string_buf.get();
  if (!root.is<object>()) {
    frame.status = cjson_not_object;
    return 1;
  }
  try {
    Walk walk(*this, frame, false);
    walk.root(object(root));
    if (walk.has_duplicates()) Walk(*this, frame, true).root(object(root));
    frame.content_length = content.size();
  } catch (const TooManyKeys &) {
    frame.status = cjson_too_many_keys;
  } catch (const std::bad_alloc &) {
    frame.status = cjson_no_memory;
  }
  return 1;
}

cjson_walker *cjson_walker_new(size_t depth_max, size_t keys_max, size_t length_max) {
  try {
    return new cjson_walker(depth_max, keys_max, length_max);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void cjson_walker_free(cjson_walker *walker) { delete walker; }

uint32_t cjson_walker_add_context(cjson_walker *walker, uint8_t unknown) {
  Context context;
  context.unknown = unknown;
  walker->contexts.push_back(std::move(context));
  return uint32_t(walker->contexts.size() - 1);
}

void cjson_walker_add_key(cjson_walker *walker, uint32_t context, const uint8_t *key, size_t length,
                          uint8_t action, uint8_t slot, uint8_t rank, uint32_t row, uint32_t marker,
                          uint32_t object, uint32_t element) {
  Key added;
  added.text.assign(reinterpret_cast<const char *>(key), length);
  added.hash = hash_of_unpadded(added.text);
  added.action = action;
  added.slot = slot;
  added.rank = rank;
  added.row = row;
  added.marker = marker;
  added.object = uint16_t(object);
  added.element = uint16_t(element);
  added.used = true;
  walker->contexts[context].add(std::move(added));
}

int cjson_next_line(const uint8_t *bytes, size_t length, size_t *at, cjson_frame *frame) {
  frame->lines = 0;
  while (*at < length) {
    const size_t start = *at;
    const void *found = std::memchr(bytes + start, '\n', length - start);
    const size_t end = found ? size_t(static_cast<const uint8_t *>(found) - bytes) : length;
    *at = found ? end + 1 : end;
    ++frame->lines;
    size_t first = start, last = end;
    while (first < last && is_blank(bytes[first])) ++first;
    if (last - first >= 3 && std::memcmp(bytes + first, "\xef\xbb\xbf", 3) == 0) first += 3;
    while (first < last && is_blank(bytes[first])) ++first;
    while (last > first && is_blank(bytes[last - 1])) --last;
    if (first == last) continue;
    frame->offset = first;
    frame->length = last - first;
    return 1;
  }
  return 0;
}

int cjson_walker_next_line(cjson_walker *walker, const uint8_t *bytes, size_t length, size_t *at,
                           cjson_frame *frame) {
  if (!cjson_next_line(bytes, length, at, frame)) return 0;
  const size_t start = frame->offset;
  walker->read(bytes + start, frame->length, *frame);
  frame->offset = start;
  return 1;
}

int cjson_walker_read(cjson_walker *walker, const uint8_t *bytes, size_t length,
                      cjson_frame *frame) {
  frame->lines = 1;
  return walker->read(bytes, length, *frame);
}

void cjson_walker_rest(cjson_walker *walker) {
  if (walker->is_swollen) walker->renew();
}

const cjson_value *cjson_walker_slots(const cjson_walker *walker) { return walker->slots; }
const cjson_leaf *cjson_walker_leaves(const cjson_walker *walker) { return walker->leaves.data(); }
const uint8_t *cjson_walker_text(const cjson_walker *walker) { return walker->text; }
const uint8_t *cjson_walker_auxiliary(const cjson_walker *walker) {
  return reinterpret_cast<const uint8_t *>(walker->aux.data());
}
const uint8_t *cjson_walker_content(const cjson_walker *walker) {
  return reinterpret_cast<const uint8_t *>(walker->content.data());
}
