#include "Text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace {

enum : uint8_t { letter = 1, digit = 2, mark = 4, space = 8, at_sign = 16, beyond_ascii = 32, other = 64, escaped = 128 };

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    if (c < 0x20 || c == '"' || c == '\\') classes[c] = escaped;
    else if (c >= 0x80) classes[c] = beyond_ascii;
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) classes[c] = letter;
    else if (c >= '0' && c <= '9') classes[c] = digit;
    else if (c == ' ') classes[c] = space;
    else if (c == '@') classes[c] = at_sign;
    else if (c == 0x7f || c == '<' || c == '>' || c == '{' || c == '}' || c == '|' || c == '`') classes[c] = other;
    else classes[c] = mark;
  }
  return classes;
}
constexpr auto classes = make_classes();

/// Whether the end of a key's prefix (sk-, gsk_, hsa-, hs_, key=, AIza, AKIA, eyJ) or a second such mark stands at `i`.
bool ends_key_prefix(const uint8_t *text, size_t i) {
  if (i < 2) return false;
  const uint8_t a = text[i - 2], b = text[i - 1], c = text[i];
  if (c == '-') return (b == 'k' && a == 's') || (b == 'a' && a == 's');
  if (c == '_') return (b == 'k' && a == 's') || (b == 's' && a == 'h');
  if (c == '=') return true;
  if (c == 'z' || c == 'I') return a == 'A' && (b == 'I' || b == 'K');
  return c == 'J' && b == 'y' && a == 'e';
}

constexpr size_t identifier_max = 256;
constexpr size_t worded_max = 64;  // with spaces, or beyond ASCII: names of teams and tags, not sentences
constexpr int spaces_max = 4;

typedef uint8_t Bytes __attribute__((ext_vector_type(16)));
typedef bool Bits __attribute__((ext_vector_type(16)));

/// One bit a byte.
template <typename Mask>
uint64_t bits_of(Mask mask) {
  return __builtin_bit_cast(uint16_t, __builtin_convertvector(mask, Bits));
}

/// Of up to 64 bytes, a bit each: what says whether a text is a common name.
struct NameBits {
  uint64_t fine = 0;     // letters, digits and `_ - . : /`
  uint64_t letters = 0;  // at least those among the first sixteen
  uint64_t ends = 0;     // where the prefix of a key may end, and more: a dash, a J, two behind an A

  __attribute__((always_inline)) explicit NameBits(const uint8_t *text) {
    Bytes c;
    std::memcpy(&c, text, sizeof c);
    const auto letter = (c | 0x20) - uint8_t('a') < 26;
    const auto dash = (c == '-') | (c == '_');
    fine = bits_of(letter | (c - uint8_t('.') < 13) | dash);
    letters = bits_of(letter);
    // A dash alone is no sign: an s stands one or two before it in all prefixes.
    const uint64_t s = bits_of(c == 's');
    dashes_ = bits_of(dash);
    before_dash_ = s << 1 | s << 2;
    ends = bits_of((c == 'A') | (c == 'J'));
    ends |= ends << 2;
  }

  __attribute__((always_inline)) void add(const uint8_t *text, size_t i) {
    const NameBits more(text + i);
    fine |= more.fine << i;
    ends |= more.ends << i;
    dashes_ |= more.dashes_ << i;
    before_dash_ |= more.before_dash_ << i;
  }

  /// Whether the text of that length, 1 to 64, has letters, nothing but what is fine, and no prefix of a key.
  __attribute__((always_inline)) bool is_common_name(const uint8_t *text, size_t length) const {
    const uint64_t inside = ~uint64_t(0) >> (64 - length);
    if ((fine & inside) != inside || (letters & inside) == 0) return false;
    const uint64_t marked = (ends | (dashes_ & before_dash_)) & inside;
    return __builtin_expect(marked == 0, 1) || !has_key_prefix(text, marked);
  }

 private:
  __attribute__((noinline)) static bool has_key_prefix(const uint8_t *text, uint64_t ends) {
    for (; ends != 0; ends &= ends - 1)
      if (ends_key_prefix(text, size_t(__builtin_ctzll(ends)))) return true;
    return false;
  }

  uint64_t dashes_ = 0, before_dash_ = 0;
};

/// The long way, with the same answer: any text of at most `identifier_max` bytes.
uint8_t classify_closely(const uint8_t *text, size_t length) {
  uint8_t seen = 0;
  int spaces = 0, digits = 0;
  bool key = false;
  for (size_t i = 0; i < length; ++i) {
    const uint8_t kind = classes[text[i]];
    seen |= kind;
    spaces += kind == space;
    digits += kind == digit;
    key |= ends_key_prefix(text, i);
  }
  uint8_t flags = seen & escaped ? 0 : cjson_flag_plain;
  if (seen & (escaped | other)) return flags;
  if ((seen & (space | beyond_ascii)) && (length > worded_max || spaces > spaces_max)) return flags;
  flags |= cjson_flag_identifier;
  // An address; a key; a card, phone or social security number: digits and marks alone, or among words.
  const bool number = digits >= 7 && (!(seen & letter) || (seen & space));
  if ((seen & (at_sign | beyond_ascii)) || key || number) flags |= cjson_flag_suspect;
  return flags;
}

}  // namespace

namespace {

__attribute__((noinline)) bool is_long_common_name(const uint8_t *text, size_t length) {
  NameBits bits(text);
  for (size_t i = sizeof(Bytes); i < length; i += sizeof(Bytes)) bits.add(text, i);
  return bits.is_common_name(text, length);
}

}  // namespace

bool is_common_name(const uint8_t *text, size_t length) {
  // Most names end within the first sixteen bytes.
  if (length - 1 < sizeof(Bytes)) return NameBits(text).is_common_name(text, length);
  return length - 1 < 64 && is_long_common_name(text, length);
}

uint8_t cjson_classify_padded(const uint8_t *text, size_t length) {
  if (is_common_name(text, length)) return cjson_flag_plain | cjson_flag_identifier;
  return cjson_classify(text, length);
}

uint8_t cjson_classify(const uint8_t *text, size_t length) {
  if (length <= identifier_max) return classify_closely(text, length);
  uint8_t seen = 0;
  for (size_t i = 0; i < length; ++i) seen |= classes[text[i]];
  return seen & escaped ? 0 : cjson_flag_plain;
}

size_t cjson_write_double(uint8_t *to, double value) {
  char *start = reinterpret_cast<char *>(to);
  return size_t(std::to_chars(start, start + 32, value).ptr - start);
}

int cjson_read_double(const uint8_t *text, size_t length, double *value) {
  const char *first = reinterpret_cast<const char *>(text), *last = first + length;
  if (length == 0) return 0;
  const auto result = std::from_chars(first, last, *value);
  return result.ec == std::errc() && result.ptr == last && std::isfinite(*value);
}
