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

typedef uint8_t Bytes __attribute__((vector_size(16)));

Bytes load(const uint8_t *at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

bool any(Bytes mask) {
  uint64_t halves[2];
  std::memcpy(halves, &mask, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

/// Whether a text has letters, nothing but letters, digits and `_ - . : /`, and no prefix of a key: most names.
/// Sixteen bytes at a time; the same prefixes as `ends_key_prefix`. What lies before the text can at worst make it
/// look like a key, which the slow way then looks into.
bool is_common_name(const uint8_t *text, size_t length) {
  constexpr Bytes places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  Bytes odd{}, letters{};
  for (size_t i = 0; i < length; i += sizeof(Bytes)) {
    const uint8_t *at = text + i;
    const Bytes a = load(at - 2), b = load(at - 1);
    Bytes c = load(at);
    if (length - i < sizeof(Bytes)) {
      const auto inside = Bytes(places < uint8_t(length - i));
      c = (c & inside) | ((Bytes{} + uint8_t('.')) & ~inside);
    }
    const Bytes low = c | 0x20;
    const auto letter = (low >= 'a') & (low <= 'z');
    const auto dash = c == '-', bar = c == '_';
    letters |= Bytes(letter);
    odd |= Bytes(~(letter | ((c >= '.') & (c <= ':')) | dash | bar));
    odd |= Bytes((dash & (((b == 'k') | (b == 'a')) & (a == 's'))) |
                 (bar & (((b == 'k') & (a == 's')) | ((b == 's') & (a == 'h')))) |
                 (((c == 'z') | (c == 'I')) & (a == 'A') & ((b == 'I') | (b == 'K'))) |
                 ((c == 'J') & (b == 'y') & (a == 'e')));
  }
  return !any(odd) && any(letters);
}

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

uint8_t classify_padded(const uint8_t *text, size_t length) {
  if (length <= identifier_max && is_common_name(text, length))
    return cjson_flag_plain | cjson_flag_identifier;
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
