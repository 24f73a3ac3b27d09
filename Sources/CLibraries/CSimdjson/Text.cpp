#include "Text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

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

/// By two characters, of which five bits each count: whether a dash or an underscore behind them may end such a prefix.
/// Ids are full of dashes, and nearly all of them are told by this alone.
std::array<bool, 1024> make_prefix_ends() {
  static constexpr std::string_view folded = "abcdefghijklmnopqrstuvwxyz0123456789\x7f";
  std::array<bool, 1024> ends{};
  for (const char a : folded)
    for (const char b : folded)
      for (const char c : folded)
        if (is_dashed_prefix(uint8_t(a), uint8_t(b), uint8_t(c)) || is_underscored_prefix(uint8_t(a), uint8_t(b), uint8_t(c)))
          ends[(b & 31) << 5 | (c & 31)] = true;
  return ends;
}
const std::array<bool, 1024> prefix_ends = make_prefix_ends();

/// Of what stands before the dash or underscore at `i`, which is 2 or more.
bool may_end_prefix(const uint8_t *text, size_t i) { return prefix_ends[(text[i - 2] & 31) << 5 | (text[i - 1] & 31)]; }

/// Whether the end of a key's prefix (those, key=, AIza, AKIA, ASIA, eyJ) or a second such mark stands at `i`.
bool ends_key_prefix(const uint8_t *text, size_t i) {
  if (i < 2) return false;
  const uint8_t a = text[i - 2], b = text[i - 1], c = text[i];
  if (c == '-' || c == '_') {
    if (!may_end_prefix(text, i)) return false;
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

/// Seldom asked.
__attribute__((noinline)) bool ends_dashed_prefix(const uint8_t *text, size_t i) { return ends_key_prefix(text, i); }

/// Of up to 64 bytes, a bit each: what says whether a text is a common name.
struct NameBits {
  uint64_t fine = 0;    // letters, digits and `_ - . : /`
  uint64_t letters = 0;
  uint64_t digits = 0;
  uint64_t dashes = 0;  // where most prefixes of keys end
  uint64_t odd = 0;     // A and J, which the others have; `: /`, which may part numbers

  __attribute__((always_inline)) NameBits(const uint8_t *text, size_t length) {
    add(text, 0);
    for (size_t i = sizeof(Bytes); i < length; i += sizeof(Bytes)) add(text + i, i);
    const uint64_t inside = ~uint64_t(0) >> (64 - length);
    outside_ = ~inside;
    letters &= inside;
    digits &= inside;
    dashes &= inside;
    odd &= inside;
  }

  __attribute__((always_inline)) bool is_fine() const { return (fine | outside_) == ~uint64_t(0) && letters != 0; }

  /// Whether what stands before a dash ends the prefix of a key there.
  __attribute__((always_inline)) bool has_dashed_prefix(const uint8_t *text) const {
    for (uint64_t ends = dashes & ~uint64_t(3); ends != 0; ends &= ends - 1) {
      const size_t i = size_t(__builtin_ctzll(ends));
      if (may_end_prefix(text, i) && ends_dashed_prefix(text, i)) return true;
    }
    return false;
  }

  /// Two letters and two digits at the start of a word.
  bool has_account() const {
    const uint64_t words = letters | digits | dashes;
    return (letters & letters >> 1 & digits >> 2 & digits >> 3 & ~(words << 1)) != 0;
  }

 private:
  __attribute__((always_inline)) void add(const uint8_t *text, size_t i) {
    Bytes c;
    std::memcpy(&c, text, sizeof c);
    const auto letter = (c | 0x20) - uint8_t('a') < 26;
    const auto dash = (c == '-') | (c == '_');
    // From '-' to ':' all are fine: `- . /`, the digits, `:`.
    fine |= bits_of(letter | dash | (c - uint8_t('-') < 14)) << i;
    letters |= bits_of(letter) << i;
    digits |= bits_of(c - uint8_t('0') < 10) << i;
    dashes |= bits_of(dash) << i;
    odd |= bits_of((c == 'A') | (c == 'J') | (c == ':') | (c == '/')) << i;
  }

  uint64_t outside_ = 0;
};

/// Of a text that is fine but for a closer look at other prefixes of keys and at parted numbers.
__attribute__((noinline)) bool has_no_secret(const uint8_t *text, size_t length) {
  const NameBits bits(text, length);
  // A J, or what stands two behind an A.
  for (uint64_t ends = (bits.odd | bits.odd << 2) & ~uint64_t(3); ends != 0; ends &= ends - 1) {
    const size_t i = size_t(__builtin_ctzll(ends));
    if (i < length && ends_key_prefix(text, i)) return false;
  }
  if (size_t(__builtin_popcountll(bits.digits)) >= number_min)
    for (size_t i = 0; i < length; ++i)
      if (parts_number(text, length, i)) return false;
  return length < account_min || !bits.has_account();
}

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

bool is_common_name(const uint8_t *text, size_t length) {
  if (length - 1 >= 64) return false;
  const NameBits bits(text, length);
  if (!bits.is_fine() || bits.has_dashed_prefix(text)) return false;
  if (__builtin_expect(bits.odd != 0, 0)) return has_no_secret(text, length);
  return length < account_min || !bits.has_account();
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
