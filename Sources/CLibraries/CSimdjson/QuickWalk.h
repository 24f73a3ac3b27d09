// From a frame's bytes to flat tables, without a document in between.
#pragma once
#include "FrameTables.h"
#include "Repair.h"

#include <cmath>
#include <cstring>

/// One walk over the places that simdjson's first stage found in a frame; that stage has checked the UTF-8 and that
/// strings are closed and free of control characters. A third of the cost of simdjson's document and `Walk`, with the same tables.
///
/// It never refuses a frame. What is not plainly right, or rare (a key twice or with an escape, an integer beyond
/// 64 bits, deep nesting), it leaves to them: so what is refused, and why, is said in one place.
class QuickWalk : FrameTables {
 public:
  /// `bytes`: without blanks around it, and with the room behind it that frames have.
  QuickWalk(cjson_walker &walker, cjson_frame &frame, FrameStore &store, const uint8_t *bytes, size_t length)
      : FrameTables(walker, frame, store), bytes_(bytes) {
    auto &stage = *walker.parser->implementation;
    if (bytes[0] != '{' || bytes[length - 1] != '}') return;
    if (stage.stage1(bytes, length, simdjson::stage1_mode::regular)) return;
    places_ = stage.structural_indexes.get();
    end_ = places_ + stage.n_structural_indexes;
    // Behind the last place, where the stage leaves room, the frame's first one: no value, comma or end goes on with a
    // bracket that opens, and a value is never looked for there, since the last place is a bracket that closes.
    places_[stage.n_structural_indexes] = 0;
    end_of_bytes_ = reinterpret_cast<const char *>(bytes + length);
    find_escape(reinterpret_cast<const char *>(bytes));
    store.text = bytes;
  }

  /// False: the frame is for the other walk, which fills all tables anew.
  bool root() {
    if (places_ == nullptr || places_ == end_ || at(places_) != '{') return false;
    try {
      if (members(places_ + 1, 0) != end_ || has_duplicates_) return false;
    } catch (const NotPlain &) {
      return false;
    } catch (const TooManyKeys &) {
      return false;
    }
    if (may_collide_) drop_collisions();
    return true;
  }

 private:
  struct NotPlain {};
  /// Where a bracket, comma, colon, string or other scalar starts: an index of `bytes_`. All that reads a value takes its
  /// first place and returns the place behind it.
  typedef const uint32_t *Place;

  uint8_t at(Place place) const { return bytes_[*place]; }

  static void require(bool holds) {
    if (__builtin_expect(!holds, 0)) fail();
  }
  [[noreturn]] __attribute__((noinline, cold)) static void fail() { throw NotPlain(); }

  /// From behind an opening bracket to behind its closing one.
  template <typename Part>
  __attribute__((always_inline)) Place each(Place place, uint8_t closing, Part part) {
    require(++level_ < walker_.depth_max);
    if (at(place) == closing) {
      ++place;
    } else {
      for (;;) {
        place = part(place);
        const uint8_t next = at(place++);
        if (next == ',') continue;
        require(next == closing);
        break;
      }
    }
    --level_;
    return place;
  }

  /// The key that starts at a place; its colon is the next one.
  __attribute__((always_inline)) std::string_view key(Place place) {
    require(at(place) == '"' && at(place + 1) == ':');
    const std::string_view name = quoted(place);
    require(!has_escape(name));
    return name;
  }

  /// An object's members, from behind its bracket to behind its end. All that most of them need stands here: a field's
  /// scalar under a key that was expected.
  Place members(Place place, const uint32_t context) {
    Context *const known = context == cjson_no_context ? nullptr : &walker_.contexts[context];
    const uint64_t serial = ++walker_.object_number;
    const Key *none = nullptr;
    const Key **expected = known ? &known->first : &none;
    size_t count = 0;
    place = each(place, '}', [&](Place place) __attribute__((always_inline)) {
      const Place named = place;
      place += 2;
      const Key *found = *expected;
      if (__builtin_expect(found && found->stands_at(bytes_ + *named), 1)) {
        require(at(named + 1) == ':');
      } else {
        const std::string_view name = key(named);
        found = look_up(name, known, serial);
        if (!found) return unknown_member(place, name, known);
        *expected = found;
      }
      expected = &found->next;
      ++count;
      has_duplicates_ |= found->met_in == serial;
      found->met_in = serial;
      frame_.markers |= found->marker;
      const uint8_t first = at(place);
      if (found->action == cjson_action_slot) {
        if (first == '"') {
          const std::string_view text = quoted(place);
          if (!has_escape(text)) {
            fill_string(text, *found);
            return place + 1;
          }
        } else if (is_digit(first)) {
          cjson_value unused, *slot = room(*found);
          if (!slot) slot = &unused;
          const uint8_t kind = number(place, *slot);
          if (slot != &unused) fill(*slot, kind, 0, *found);
          return place + 1;
        }
      }
      const char *const name = reinterpret_cast<const char *>(bytes_ + *named + 1);
      return member(place, std::string_view(name, found->text.size()), *found);
    });
    count_keys(count);
    return place;
  }

  /// A key that was not expected; none when its context does not know it.
  __attribute__((noinline)) const Key *look_up(std::string_view name, const Context *known, uint64_t serial) {
    const uint64_t hash = hash_of(name);
    const Key *found = known ? known->find(name, hash) : nullptr;
    if (!found) {
      count_keys(1);
      has_duplicates_ |= !walker_.seen.add(hash ^ salt_of(serial));
    }
    return found;
  }

  Place unknown_member(Place place, std::string_view name, const Context *known) {
    if (!known || known->unknown == cjson_action_extra) return member(place, name, unknown_);
    return pass(place, known->unknown == cjson_action_content);
  }

  __attribute__((noinline)) Place member(Place place, std::string_view name, const Key &key) {
    enter(name, key);
    place = act(place, key);
    leave();
    return place;
  }

  __attribute__((always_inline)) Place act(Place place, const Key &key) {
    if (key.action == cjson_action_ignore && key.object == cjson_no_context)
      return pass(place, false);
    switch (at(place)) {
      case '{':
        if (key.object == cjson_no_context && key.action == cjson_action_content)
          return pass(place, true);
        return members(place + 1, key.object);
      case '[':
        return elements(place + 1, key);
      default: {
        Scalar value;
        place = read(place, value);
        if (value.kind != 'n') scalar(value, key);
        return place;
      }
    }
  }

  Place elements(Place place, const Key &key) {
    if (key.element != cjson_no_context) {
      bool first = true;
      return each(place, ']', [&](Place place) {
        const bool is_walked = first && at(place) == '{';
        first = false;
        return is_walked ? members(place + 1, key.element) : pass(place, true);
      });
    }
    if (key.action == cjson_action_content || key.action == cjson_action_ignore)
      return each(place, ']', [&](Place place) {
        return pass(place, key.action == cjson_action_content);
      });
    if (key.action != cjson_action_list) return unknown_array(place, key);
    return each(place, ']', [&](Place place) {
      if (at(place) == '[' || at(place) == '{') return pass(place, true);
      Scalar value;
      place = read(place, value);
      scalar(value, key);
      return place;
    });
  }

  Place unknown_array(const Place start, const Key &key) {
    size_t count = 0;
    bool numbers_only = true;
    const Place end = each(start, ']', [&](Place place) {
      ++count;
      const uint8_t first = at(place);
      numbers_only &= first != '"' && first != '{' && first != '[';
      return pass(place, true);
    });
    if (count == 0) return end;
    const size_t text_offset = store_.aux.size();
    const bool is_shown = numbers_only && count <= array_elements_kept;
    if (is_shown) {
      char before = '[';
      each(start, ']', [&](Place place) {
        Scalar value;
        place = read(place, value);
        store_.aux += before;
        append_number(value);
        before = ',';
        return place;
      });
      store_.aux += ']';
    }
    array_leaf(key, count, is_shown, text_offset);
    return end;
  }

  /// Passes over a value; all strings below it become content, if that is wanted. `role` and `type` name a part, they
  /// hold no text.
  Place pass(Place place, bool is_content) {
    switch (at(place)) {
      case '{':
        return each(place + 1, '}', [&](Place place) __attribute__((always_inline)) {
          const std::string_view name = key(place);
          place += 2;
          return at(place) == '"' ? pass_string(place, is_content && !names_part(name))
                                  : pass(place, is_content);
        });
      case '[':
        return each(place + 1, ']', [&](Place place) { return pass(place, is_content); });
      case '"':
        return pass_string(place, is_content);
      default: {
        Scalar value;
        return read(place, value);
      }
    }
  }

  __attribute__((always_inline)) Place pass_string(Place place, bool is_content) {
    const std::string_view text = quoted(place);
    if (has_escape(text)) return pass_escaped(place, is_content);
    if (is_content) add_content(text);
    return place + 1;
  }

  __attribute__((noinline)) Place pass_escaped(Place place, bool is_content) {
    const size_t mark = store_.aux.size();
    Scalar value;
    place = read(place, value);
    if (is_content) add_content(value.text);
    store_.aux.cut(mark);
    return place;
  }

  static bool names_part(std::string_view key) {
    return key.size() == 4 && (std::memcmp(key.data(), "role", 4) == 0 || std::memcmp(key.data(), "type", 4) == 0);
  }

  /// Reads a scalar.
  Place read(Place place, Scalar &value) {
    const uint8_t first = at(place);
    if (first == '"') {
      value.kind = 's';
      value.text = quoted(place);
      if (has_escape(value.text)) unescape(value);
    } else if (first == 't') {
      value.kind = 't';
      word(place, "true");
    } else if (first == 'f') {
      value.kind = 'f';
      word(place, "false");
    } else if (first == 'n') {
      word(place, "null");
    } else {
      value.kind = number(place, value);
    }
    return place + 1;
  }

  /// The string that starts at a place, as it is written: its end is the last byte before the next place that is not blank.
  __attribute__((always_inline)) std::string_view quoted(Place place) const {
    const uint8_t *first = bytes_ + place[0] + 1, *last = bytes_ + place[1] - 1;
    if (__builtin_expect(*last != '"', 0)) {
      while (last > first && is_blank(*last)) --last;
      require(*last == '"');
    }
    require(last >= first);
    return std::string_view(reinterpret_cast<const char *>(first), size_t(last - first));
  }

  /// Whether a string holds a backslash. Strings are asked about in the order in which they stand.
  __attribute__((always_inline)) bool has_escape(std::string_view text) {
    const char *const end = text.data() + text.size();
    if (__builtin_expect(end <= next_escape_, 1)) return false;
    if (next_escape_ < text.data()) find_escape(text.data());
    return next_escape_ < end;
  }

  /// The first backslash from there on, or the frame's end.
  void find_escape(const char *from) {
    const void *found = std::memchr(from, '\\', size_t(end_of_bytes_ - from));
    next_escape_ = found ? static_cast<const char *>(found) : end_of_bytes_;
  }

  void word(Place place, std::string_view expected) const {
    const uint8_t *start = bytes_ + *place;
    require(std::memcmp(start, expected.data(), expected.size()) == 0 &&
            ends(start + expected.size()));
  }

  /// Reads the number that starts at a place into the value's `integer` or `number`. - Returns: its kind.
  template <typename Value>
  __attribute__((always_inline)) uint8_t number(Place place, Value &value) const {
    const uint8_t kind = short_number(bytes_ + place[0], place[1] - place[0], value);
    return __builtin_expect(kind != 0, 1) ? kind : long_number(bytes_ + place[0], value);
  }

  /// The number that takes all of up to eight bytes, as most do, all digits at once; 0: it is read the long way.
  template <typename Value>
  __attribute__((always_inline)) static uint8_t short_number(const uint8_t *start, size_t length, Value &value) {
    constexpr uint64_t ones = 0x0101010101010101ull;
    if (length - 1 >= 8 || (start[0] == '0' && length > 1 && start[1] != '.')) return 0;
    uint64_t digits;
    std::memcpy(&digits, start, sizeof digits);
    const size_t behind = 64 - length * 8;
    digits = (digits ^ ones * '0') << behind;  // zeros before the first one
    const uint64_t others = ((digits + ones * (0x80 - 10)) | digits) & ones * 0x80;
    if (others == 0) {
      value.integer = int64_t(eight_digits(digits));
      return 'i';
    }
    // One point with digits on both sides.
    const size_t point = size_t(__builtin_ctzll(others)) & ~size_t(7);
    if ((others & (others - 1)) != 0 || (digits >> point & 0xff) != ('.' ^ '0') || point == behind || point == 56) return 0;
    const uint64_t before = digits & ((uint64_t(1) << point) - 1), after = digits >> point >> 8 << point << 8;
    constexpr double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    // Both are exact in a double, and a division rounds once: so does the nearest double to the text.
    value.number = double(eight_digits(before << 8 | after)) / powers[7 - point / 8];
    return 'd';
  }

  /// Of eight digits, the first in the lowest byte, pairs are put together, then fours, then all.
  static uint64_t eight_digits(uint64_t digits) {
    constexpr uint64_t pairs = 0x000000ff000000ffull;
    digits = digits * 10 + (digits >> 8);
    return ((digits & pairs) * (100 + (1000000ull << 32)) + (digits >> 16 & pairs) * (1 + (10000ull << 32))) >> 32;
  }

  /// The same of any number.
  template <typename Value>
  __attribute__((noinline)) static uint8_t long_number(const uint8_t *start, Value &value) {
    const uint8_t *at = start;
    const bool is_negative = *at == '-';
    at += is_negative;
    const uint8_t *digits = at;
    uint64_t whole = 0;  // wraps beyond 19 digits: not used then
    for (uint8_t digit; (digit = uint8_t(*at - '0')) < 10; ++at) whole = whole * 10 + digit;
    size_t count = size_t(at - digits);
    require(count > 0 && (count == 1 || *digits != '0'));
    if (*at != '.' && *at != 'e' && *at != 'E') {
      // 19 digits do not wrap yet.
      require((count <= 18 || (count == 19 && whole <= uint64_t(INT64_MAX))) && ends(at));
      value.integer = is_negative ? -int64_t(whole) : int64_t(whole);
      return 'i';
    }
    const uint8_t *point = at;
    if (*at == '.') {
      ++at;
      for (uint8_t digit; (digit = uint8_t(*at - '0')) < 10; ++at) whole = whole * 10 + digit;
      require(at - point > 1);
    }
    const size_t decimals = at == point ? 0 : size_t(at - point) - 1;
    const bool has_exponent = *at == 'e' || *at == 'E';
    if (has_exponent) {
      ++at;
      at += *at == '+' || *at == '-';
      require(is_digit(*at));
      while (is_digit(*at)) ++at;
    }
    require(ends(at));
    if (!has_exponent && count + decimals <= 15) {
      // Both are exact in a double, and a division rounds once: so does the nearest double to the text.
      constexpr double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
      const double magnitude = double(whole) / powers[decimals];
      value.number = is_negative ? -magnitude : magnitude;
      return 'd';
    }
    const char *first = reinterpret_cast<const char *>(start), *last = reinterpret_cast<const char *>(at);
    const auto read = std::from_chars(first, last, value.number);
    require(read.ec == std::errc() && read.ptr == last && std::isfinite(value.number));
    return 'd';
  }

  /// Writes the string's text into the auxiliary text.
  void unescape(Scalar &value) {
    TextBuffer &aux = store_.aux;
    const size_t start = aux.size();
    std::string_view rest = value.text;
    for (;;) {
      const size_t escape = rest.find('\\');
      aux += rest.substr(0, escape);
      if (escape == rest.npos) break;
      rest.remove_prefix(escape);
      require(rest.size() > 1);
      size_t length = 2;
      switch (rest[1]) {
        case '"': case '\\': case '/': aux += rest[1]; break;
        case 'b': aux += '\b'; break;
        case 'f': aux += '\f'; break;
        case 'n': aux += '\n'; break;
        case 'r': aux += '\r'; break;
        case 't': aux += '\t'; break;
        default: length = unescape_unicode(rest, aux);
      }
      rest.remove_prefix(length);
    }
    value.is_unescaped = true;
    value.text = aux.from(start);
  }

  /// - Returns: how many bytes of the text the escape at its start takes.
  size_t unescape_unicode(std::string_view text, TextBuffer &to) const {
    int code = unicode_escape(text, 0);
    size_t length = 6;
    if (code >= 0xd800 && code <= 0xdfff) {
      const int low = unicode_escape(text, 6);
      require(code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff);
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      length = 12;
    }
    require(code >= 0);
    const auto more = [&](int shift) { to += char(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) {
      to += char(code);
    } else if (code < 0x800) {
      to += char(0xc0 | code >> 6), more(0);
    } else if (code < 0x10000) {
      to += char(0xe0 | code >> 12), more(6), more(0);
    } else {
      to += char(0xf0 | code >> 18), more(12), more(6), more(0);
    }
    return length;
  }

  static bool is_digit(uint8_t c) { return uint8_t(c - '0') < 10; }
  static bool is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  /// Whether a scalar may end before this byte.
  static bool ends(const uint8_t *at) { return *at == ',' || *at == '}' || *at == ']' || is_blank(*at); }

  const uint8_t *bytes_;
  uint32_t *places_ = nullptr;
  Place end_ = nullptr;
  size_t level_ = 0;
  const char *next_escape_ = nullptr, *end_of_bytes_ = nullptr;
};
