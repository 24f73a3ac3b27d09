// From a frame's bytes to flat tables, without a document in between.
#pragma once
#include "FrameTables.h"
#include "Repair.h"

#include <cmath>
#include <cstring>

/// One walk over the places that simdjson's first stage found in a frame; that stage has checked the UTF-8 and that
/// strings are closed and free of control characters. Half the cost of simdjson's document and `Walk`, with the same tables.
///
/// It never refuses a frame. What is not plainly right, or rare (a key twice or with an escape, an integer of more than
/// 18 digits, deep nesting), it leaves to them: so what is refused, and why, is said in one place.
class QuickWalk : FrameTables {
 public:
  /// `bytes`: without blanks around it, and with the room behind it that frames have.
  QuickWalk(cjson_walker &walker, cjson_frame &frame, const uint8_t *bytes, size_t length)
      : FrameTables(walker, frame), bytes_(bytes) {
    auto &stage = *walker.parser->implementation;
    if (bytes[0] != '{' || bytes[length - 1] != '}') return;
    if (stage.stage1(bytes, length, simdjson::stage1_mode::regular)) return;
    count_ = stage.n_structural_indexes;
    places_ = stage.structural_indexes.get();
    has_escapes_ = std::memchr(bytes, '\\', length) != nullptr;
    walker.text = bytes;
  }

  /// False: the frame is for the other walk, which fills all tables anew.
  bool root() {
    try {
      if (take() != '{') return false;
      walk(0);
      if (at_ != count_ || has_duplicates_) return false;
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

  // A place is where a bracket, comma, colon, string or other scalar starts.

  uint8_t peek() const { return at_ < count_ ? bytes_[places_[at_]] : 0; }

  /// Moves to the next place. - Returns: its byte, 0 behind the last.
  uint8_t take() {
    if (at_ == count_) return 0;
    place_ = places_[at_++];
    return bytes_[place_];
  }

  void require(bool holds) const {
    if (!holds) throw NotPlain();
  }

  /// Behind an opening bracket, to behind its closing one.
  template <typename Part>
  void each(uint8_t closing, Part part) {
    require(++level_ < walker_.depth_max);
    if (peek() == closing) {
      ++at_;
    } else {
      uint8_t next;
      do {
        part();
        next = take();
      } while (next == ',');
      require(next == closing);
    }
    --level_;
  }

  std::string_view key() {
    require(take() == '"');
    const std::string_view name = quoted();
    require(!has_escapes_ || name.find('\\') == name.npos);
    require(take() == ':');
    return name;
  }

  void walk(uint32_t context) {
    const uint64_t salt = ++object_number_ * 0xd6e8feb86659fd93ull;
    uint64_t known[256 / 64] = {};  // the keys of the context met in this object
    each('}', [&] {
      const std::string_view name = key();
      const uint64_t hash = hash_of(name);
      count_key();
      const Key *found = find(name, hash, context);
      if (found) {
        uint64_t &word = known[found->number / 64];
        const uint64_t bit = uint64_t(1) << (found->number % 64);
        has_duplicates_ |= (word & bit) != 0;
        word |= bit;
      } else {
        has_duplicates_ |= !walker_.seen.add(hash ^ salt);
      }
      member(name, found, context);
    });
  }

  void member(std::string_view name, const Key *key, uint32_t context) {
    walker_.path[depth_++] = name;
    if (key) {
      frame_.markers |= key->marker;
      act(*key);
    } else if (context == cjson_no_context ||
               walker_.contexts[context].unknown == cjson_action_extra) {
      act(unknown_);
    } else {
      pass(walker_.contexts[context].unknown == cjson_action_content);
    }
    --depth_;
  }

  void act(const Key &key) {
    if (key.action == cjson_action_ignore && key.object == cjson_no_context) return pass(false);
    switch (peek()) {
      case '{':
        if (key.object == cjson_no_context && key.action == cjson_action_content) return pass(true);
        ++at_;
        return walk(key.object);
      case '[':
        ++at_;
        return elements(key);
      case 'n':
        scalar_here();
        return;
      default:
        return scalar(scalar_here(), key);
    }
  }

  void elements(const Key &key) {
    if (key.element != cjson_no_context) {
      bool first = true;
      each(']', [&] {
        if (first && peek() == '{') {
          ++at_;
          walk(key.element);
        } else {
          pass(true);
        }
        first = false;
      });
    } else if (key.action == cjson_action_content || key.action == cjson_action_ignore) {
      each(']', [&] { pass(key.action == cjson_action_content); });
    } else if (key.action == cjson_action_list) {
      each(']', [&] {
        if (peek() == '[' || peek() == '{') pass(true);
        else scalar(scalar_here(), key);
      });
    } else {
      unknown_array(key);
    }
  }

  void unknown_array(const Key &key) {
    const size_t start = at_;
    size_t count = 0;
    bool numbers_only = true;
    each(']', [&] {
      ++count;
      const uint8_t first = peek();
      numbers_only &= first != '"' && first != '{' && first != '[';
      pass(true);
    });
    if (count == 0) return;
    const size_t text_offset = walker_.aux.size();
    const bool is_shown = numbers_only && count <= array_elements_kept;
    if (is_shown) {
      at_ = start;
      char before = '[';
      each(']', [&] {
        walker_.aux += before;
        append_number(scalar_here());
        before = ',';
      });
      walker_.aux += ']';
    }
    array_leaf(key, count, is_shown, text_offset);
  }

  /// Passes over a value; all strings below it become content, if that is wanted. `role` and `type` name a part, they
  /// hold no text.
  void pass(bool is_content) {
    switch (peek()) {
      case '{':
        ++at_;
        return each('}', [&] {
          const std::string_view name = key();
          pass(is_content && !((name == "role" || name == "type") && peek() == '"'));
        });
      case '[':
        ++at_;
        return each(']', [&] { pass(is_content); });
      default: {
        const size_t mark = walker_.aux.size();
        const Scalar value = scalar_here();
        if (is_content) add_content(value);
        walker_.aux.resize(mark);
      }
    }
  }

  Scalar scalar_here() {
    Scalar value;
    switch (take()) {
      case '"':
        value.kind = 's';
        value.text = quoted();
        if (has_escapes_ && value.text.find('\\') != value.text.npos) unescape(value);
        return value;
      case 't':
        value.kind = 't';
        return word("true"), value;
      case 'f':
        value.kind = 'f';
        return word("false"), value;
      case 'n':
        return word("null"), value;
      default:
        number(value);
        return value;
    }
  }

  /// The string that starts here, as it is written: its end is the last byte before the next place that is not blank.
  std::string_view quoted() const {
    require(at_ < count_);
    const uint8_t *first = bytes_ + place_ + 1, *last = bytes_ + places_[at_] - 1;
    while (is_blank(*last)) --last;
    require(*last == '"' && last >= first);
    return std::string_view(reinterpret_cast<const char *>(first), size_t(last - first));
  }

  void word(std::string_view expected) const {
    const uint8_t *at = bytes_ + place_;
    require(std::memcmp(at, expected.data(), expected.size()) == 0 && ends(at + expected.size()));
  }

  void number(Scalar &value) const {
    const uint8_t *start = bytes_ + place_, *at = start;
    const bool is_negative = *at == '-';
    at += is_negative;
    const uint8_t *digits = at;
    uint64_t whole = 0;  // wraps beyond 18 digits: not used then
    for (; is_digit(*at); ++at) whole = whole * 10 + (*at - '0');
    size_t count = size_t(at - digits);
    require(count > 0 && (count == 1 || *digits != '0'));
    if (*at != '.' && *at != 'e' && *at != 'E') {
      require(count <= 18 && ends(at));
      value.kind = 'i';
      value.integer = is_negative ? -int64_t(whole) : int64_t(whole);
      return;
    }
    const uint8_t *point = at;
    if (*at == '.') {
      for (++at; is_digit(*at); ++at) whole = whole * 10 + (*at - '0');
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
    value.kind = 'd';
    if (!has_exponent && count + decimals <= 15) {
      // Both are exact in a double, and a division rounds once: so does the nearest double to the text.
      constexpr double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
      const double magnitude = double(whole) / powers[decimals];
      value.number = is_negative ? -magnitude : magnitude;
      return;
    }
    const char *first = reinterpret_cast<const char *>(start), *last = reinterpret_cast<const char *>(at);
    const auto read = std::from_chars(first, last, value.number);
    require(read.ec == std::errc() && read.ptr == last && std::isfinite(value.number));
  }

  /// Writes the string's text into the auxiliary text.
  void unescape(Scalar &value) {
    std::string &aux = walker_.aux;
    const size_t start = aux.size();
    std::string_view rest = value.text;
    for (;;) {
      const size_t escape = rest.find('\\');
      aux.append(rest.substr(0, escape));
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
    value.text = std::string_view(aux).substr(start);
  }

  /// - Returns: how many bytes of the text the escape at its start takes.
  size_t unescape_unicode(std::string_view text, std::string &to) const {
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
  const uint32_t *places_ = nullptr;
  size_t count_ = 0;
  size_t at_ = 0;     // the next place
  size_t place_ = 0;  // the one that was taken last
  size_t level_ = 0;
  bool has_escapes_ = false;
};
