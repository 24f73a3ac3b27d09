// From a parsed document to flat tables.
#pragma once
#include "FrameTables.h"

#include <unordered_map>

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

/// One walk over one document of simdjson's: for all that `QuickWalk` leaves alone.
class Walk : FrameTables {
 public:
  Walk(cjson_walker &walker, cjson_frame &frame, FrameStore &store, bool exact)
      : FrameTables(walker, frame, store), exact_(exact) {}

  void root(object members) {
    walk(members, 0);
    if (may_collide_) drop_collisions();
  }
  bool has_duplicates() const { return has_duplicates_; }

 private:
  void walk(object members, uint32_t context) {
    if (exact_) return walk_exactly(members, context);
    const uint64_t serial = ++walker_.object_number;
    for (auto [name, value] : members) {
      const uint64_t hash = hash_of(name);
      count_keys(1);
      const Key *key = find(name, hash, context);
      if (key) {
        has_duplicates_ |= key->met_in == serial;
        key->met_in = serial;
      } else {
        has_duplicates_ |= !walker_.seen.add(hash ^ salt_of(serial));
      }
      member(name, key, value, context);
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
      count_keys(1);
      if (last[key] == index++) member(key, find(key, hash_of(key), context), value, context);
    }
  }

  void member(std::string_view name, const Key *key, element value, uint32_t context) {
    enter(name, key ? *key : unknown_);
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
    leave();
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
        return scalar(scalar_of(value), key);
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
        else scalar(scalar_of(value), key);
      }
    } else if (key.action != cjson_action_ignore) {
      unknown_array(values, key);
    }
  }

  static Scalar scalar_of(element value) {
    Scalar made;
    switch (value.type()) {
      case element_type::STRING:
        made.kind = 's';
        made.text = value;
        break;
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
    const size_t text_offset = store_.aux.size();
    const bool is_shown = numbers_only && count <= array_elements_kept;
    if (!numbers_only) hash_each(values);
    if (is_shown) {
      char before = '[';
      for (element value : values) {
        store_.aux += before;
        append_number(scalar_of(value));
        before = ',';
      }
      store_.aux += ']';
    }
    array_leaf(key, count, is_shown, text_offset);
  }

  /// Takes all strings below a value into the content. `role` and `type` name a part, they hold no text.
  void hash_content(element value) {
    switch (value.type()) {
      case element_type::STRING:
        return add_content(scalar_of(value));
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

  const bool exact_;
};
