#include "Text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace {

/// `fine`: the marks of common names.
enum : uint8_t { letter = 1, digit = 2, fine_mark = 4, mark = 8, space = 16, beyond_ascii = 32, other = 64, escaped = 128 };

constexpr std::array<uint8_t, 256> make_classes() {
  std::array<uint8_t, 256> classes{};
  for (int c = 0; c < 256; ++c) {
    if (c < 0x20 || c == '"' || c == '\\') classes[c] = escaped;
    else if (c >= 0x80) classes[c] = beyond_ascii;
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) classes[c] = letter;
    else if (c >= '0' && c <= '9') classes[c] = digit;
    else if (c == ' ') classes[c] = space;
    else if (c == '_' || c == '-' || c == '.' || c == ':' || c == '/') classes[c] = fine_mark;
    else if (c == 0x7f || c == '<' || c == '>' || c == '{' || c == '}' || c == '|' || c == '`') classes[c] = other;
    else classes[c] = mark;
  }
  return classes;
}
constexpr auto classes = make_classes();

/// What stands before the dash or underscore, the J, or the last letter of AIz, AKI and ASI that end the prefixes of keys.
constexpr std::array<bool, 256> make_prefix_ends() {
  std::array<bool, 256> ends{};
  for (const char c : {'k', 'a', 't', 'i', 'x', 'p', 'y', 's', 'o', 'u', 'r', 'f', 'm', 'c', 'w', 'b', 'd', 'e'})
    ends[uint8_t(c)] = ends[uint8_t(c - 0x20)] = true;
  ends['8'] = true;
  return ends;
}
constexpr auto prefix_ends = make_prefix_ends();

/// Whether a dash behind these three letters, the last at the end, ends the prefix of a key: sk-, hsa-, xai- …
constexpr bool is_dashed_prefix(uint8_t a, uint8_t b, uint8_t c) {
  if (a == 'o' && b == 'x') return true;  // xoxb-, xoxp- …
  switch (c) {
    case 'k': return b == 's';                // sk, csk
    case 'a': return a == 'h' && b == 's';    // hsa
    case 't': return a == 'p' && b == 'a';    // glpat
    case 'i': return (a == 'x' && b == 'a') || (a == 'a' && b == 'p');  // xai, nvapi
    case 'x': return (a == 'p' && b == 'l') || (a == 's' && b == 'p');  // pplx, GOCSPX
    case 'p': return a == 'a' && b == 'p';    // xapp
    case 'y': return a == 'v' && b == 'l';    // tvly
    default: return false;
  }
}

/// The same for an underscore: gsk_, hs_, ghp_ …
constexpr bool is_underscored_prefix(uint8_t a, uint8_t b, uint8_t c) {
  switch (c) {
    case 's': return b == 'h';                // hs, ghs
    case 'k': return b == 's' || b == 'r';    // gsk, sk_live, rk_live
    case 'p': case 'o': case 'u': case 'r': return a == 'g' && b == 'h';  // ghp …
    case 't': return (a == 'p' && b == 'a') || (a == 0x7f && b == 'p');   // github_pat, lsv2_pt
    case 'f': return b == 'h';                // hf
    case 'm': return a == 'n' && b == 'p';    // npm
    case '8': return b == 'r';                // r8
    case 'c': return a == 's' && b == 'e';    // whsec
    case 'w': return b == 'f';                // fw
    case 'a': return a == 'i' && b == 'n';    // jina
    default: return false;
  }
}

/// Whether the end of a key's prefix (those, key=, AIza, AKIA, ASIA, eyJ) or a second such mark stands at `i`.
bool ends_key_prefix(const uint8_t *text, size_t i) {
  if (i < 2) return false;
  const uint8_t a = text[i - 2], b = text[i - 1], c = text[i];
  if (c == '-' || c == '_') {
    if (!prefix_ends[b]) return false;
    // In any case of letters; an underscore becomes 0x7f.
    const uint8_t before = i > 2 ? text[i - 3] | 0x20 : 0;
    return c == '-' ? is_dashed_prefix(before, a | 0x20, b | 0x20) : is_underscored_prefix(before, a | 0x20, b | 0x20);
  }
  if (c == '=') return true;
  if (c == 'z' || c == 'I') return a == 'A' && (b == 'I' || b == 'K' || b == 'S');
  return c == 'J' && b == 'y' && a == 'e';
}

bool is_letter(uint8_t c) { return uint8_t((c | 0x20) - 'a') < 26; }
bool is_digit(uint8_t c) { return uint8_t(c - '0') < 10; }

/// Whether an account number (two letters, two digits) may start at `i`, or a number of seven digits or more stands beside
/// a ":" or "/", where it would be one to a reader.
constexpr size_t account_min = 15, number_min = 7;
bool starts_account(const uint8_t *text, size_t length, size_t i) {
  if (length < account_min || i + 4 > length) return false;
  if (i > 0 && (is_letter(text[i - 1]) || is_digit(text[i - 1]) || text[i - 1] == '_' || text[i - 1] == '-')) return false;
  return is_letter(text[i]) && is_letter(text[i + 1]) && is_digit(text[i + 2]) && is_digit(text[i + 3]);
}
bool parts_number(const uint8_t *text, size_t length, size_t i) {
  if (text[i] != ':' && text[i] != '/') return false;
  return (i > 0 && is_digit(text[i - 1])) || (i + 1 < length && is_digit(text[i + 1]));
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
  uint64_t letters = 0;
  uint64_t dashes = 0;   // where the prefix of a key may end
  uint64_t ends = 0;     // where others may end, and more: a J, two behind an A
  uint64_t digits = 0;
  uint64_t parts = 0;    // `: /`

  __attribute__((always_inline)) explicit NameBits(const uint8_t *text) {
    Bytes c;
    std::memcpy(&c, text, sizeof c);
    const auto letter = (c | 0x20) - uint8_t('a') < 26;
    const auto digit = c - uint8_t('0') < 10;
    const auto part = (c == ':') | (c == '/');
    const auto dash = (c == '-') | (c == '_');
    fine = bits_of(letter | digit | part | dash | (c == '.'));
    letters = bits_of(letter);
    digits = bits_of(digit);
    parts = bits_of(part);
    dashes = bits_of(dash);
    ends = bits_of((c == 'A') | (c == 'J'));
    ends |= ends << 2;
  }

  __attribute__((always_inline)) void add(const uint8_t *text, size_t i) {
    const NameBits more(text + i);
    fine |= more.fine << i;
    letters |= more.letters << i;
    ends |= more.ends << i;
    dashes |= more.dashes << i;
    digits |= more.digits << i;
    parts |= more.parts << i;
  }

  /// Whether the text of that length, 1 to 64, has letters, nothing but what is fine, no prefix of a key, and no number or
  /// account that stands out.
  __attribute__((always_inline)) bool is_common_name(const uint8_t *text, size_t length) const {
    const uint64_t inside = ~uint64_t(0) >> (64 - length);
    if ((fine & inside) != inside || (letters & inside) == 0) return false;
    const uint64_t marked = (ends | dashes) & inside;
    if (marked != 0 && has_key_prefix(text, marked)) return false;
    if (length < number_min) return true;
    const uint64_t numbers = digits & inside;
    const uint64_t beside = parts & inside & (numbers << 1 | numbers >> 1);
    if (__builtin_expect(beside != 0, 0) && size_t(__builtin_popcountll(numbers)) >= number_min) return false;
    if (length < account_min) return true;
    const uint64_t words = letters | digits | dashes;
    return (letters & letters >> 1 & numbers >> 2 & numbers >> 3 & ~(words << 1)) == 0;
  }

 private:
  __attribute__((always_inline)) static bool has_key_prefix(const uint8_t *text, uint64_t ends) {
    for (; ends != 0; ends &= ends - 1) {
      const size_t i = size_t(__builtin_ctzll(ends));
      // Most dashes are told by what stands before them.
      if (i > 0 && prefix_ends[text[i - 1]] && is_key_prefix(text, i)) return true;
    }
    return false;
  }
  /// Seldom gets here.
  __attribute__((noinline)) static bool is_key_prefix(const uint8_t *text, size_t i) { return ends_key_prefix(text, i); }
};

/// The long way, with the same answer: any text of at most `identifier_max` bytes.
uint8_t classify_closely(const uint8_t *text, size_t length) {
  uint8_t seen = 0;
  int spaces = 0;
  size_t digits = 0;
  bool key = false, account = false, parted = false;
  for (size_t i = 0; i < length; ++i) {
    const uint8_t kind = classes[text[i]];
    seen |= kind;
    spaces += kind == space;
    digits += kind == digit;
    key |= ends_key_prefix(text, i);
    account |= starts_account(text, length, i);
    parted |= parts_number(text, length, i);
  }
  uint8_t flags = seen & escaped ? 0 : cjson_flag_plain;
  if (seen & (escaped | other)) return flags;
  if ((seen & (space | beyond_ascii)) && (length > worded_max || spaces > spaces_max)) return flags;
  flags |= cjson_flag_identifier;
  // An address or words; a key; an account; a card, phone or social security number.
  const bool number = digits >= number_min && (!(seen & letter) || parted);
  if ((seen & (mark | space | beyond_ascii)) || key || account || number) flags |= cjson_flag_suspect;
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
  // All digits of a whole number over 64 bits are as short as its exponent, but simdjson, and not it alone, refuses them.
  const bool is_large = value >= 1e18 || value <= -1e18;
  const auto end = is_large ? std::to_chars(start, start + 32, value, std::chars_format::scientific)
                            : std::to_chars(start, start + 32, value);
  return size_t(end.ptr - start);
}

int cjson_read_double(const uint8_t *text, size_t length, double *value) {
  const char *first = reinterpret_cast<const char *>(text), *last = first + length;
  if (length == 0) return 0;
  const auto result = std::from_chars(first, last, *value);
  return result.ec == std::errc() && result.ptr == last && std::isfinite(*value);
}
