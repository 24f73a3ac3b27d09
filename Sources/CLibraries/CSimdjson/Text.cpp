#include "Text.h"

#include "Bytes.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

/// Of up to 64 bytes, a bit each: what says whether a text is a common name. What is outside of the text has no bit.
struct NameBits {
  uint64_t fine;     // letters, digits and `_ - . : /`
  uint64_t letters;
  uint64_t digits;
  uint64_t dashes;   // `- _`
  uint64_t ends;     // of those, where the prefix of a key may end
  uint64_t odd;      // A and J, where other prefixes end, and `: /`, which may part numbers

  static uint64_t inside(size_t length) { return ~uint64_t(0) >> (64 - length); }

  /// Nothing else is in it, and at least one letter is.
  __attribute__((always_inline)) bool is_fine(size_t length) const { return fine == inside(length) && letters != 0; }

  /// Two letters and two digits at the start of a word.
  __attribute__((always_inline)) bool has_account() const {
    const uint64_t words = letters | digits | dashes;
    return (letters & letters >> 1 & digits >> 2 & digits >> 3 & ~(words << 1)) != 0;
  }
};

/// Of a text that is fine: whether no prefix of a key ends in it, and no number is parted. Most have nothing that asks for it.
__attribute__((noinline)) bool has_no_secret(const uint8_t *text, size_t length, uint64_t ends, uint64_t odd, uint64_t digits) {
  for (; ends != 0; ends &= ends - 1) {
    const size_t i = size_t(__builtin_ctzll(ends));
    if (may_end_prefix(text, i) && ends_key_prefix(text, i)) return false;
  }
  // A J, or what stands two behind an A.
  for (uint64_t left = (odd | odd << 2) & ~uint64_t(3); left != 0; left &= left - 1) {
    const size_t i = size_t(__builtin_ctzll(left));
    if (i < length && ends_key_prefix(text, i)) return false;
  }
  if (odd != 0 && size_t(__builtin_popcountll(digits)) >= number_min)
    for (size_t i = 0; i < length; ++i)
      if (parts_number(text, length, i)) return false;
  return true;
}

__attribute__((always_inline)) inline bool is_common(const uint8_t *text, size_t length, const NameBits &bits) {
  if (!bits.is_fine(length) || (length >= account_min && bits.has_account())) return false;
  const uint64_t ends = bits.ends & ~uint64_t(3);
  return (ends | bits.odd) == 0 || has_no_secret(text, length, ends, bits.odd, bits.digits);
}

/// Sixteen bytes at a time: on all machines.
bool is_common_by_sixteens(const uint8_t *text, size_t length) {
  NameBits bits{};
  for (size_t i = 0; i < length; i += sizeof(Bytes)) {
    Bytes c;
    std::memcpy(&c, text + i, sizeof c);
    const auto letter = (c | 0x20) - uint8_t('a') < 26;
    const auto dash = (c == '-') | (c == '_');
    // From '-' to ':' all are fine: `- . /`, the digits, `:`.
    bits.fine |= bits_of(letter | dash | (c - uint8_t('-') < 14)) << i;
    bits.letters |= bits_of(letter) << i;
    bits.digits |= bits_of(c - uint8_t('0') < 10) << i;
    bits.dashes |= bits_of(dash) << i;
    bits.odd |= bits_of((c == 'A') | (c == 'J') | (c == ':') | (c == '/')) << i;
  }
  const uint64_t inside = NameBits::inside(length);
  bits.fine &= inside;
  bits.letters &= inside;
  bits.digits &= inside;
  bits.dashes &= inside;
  bits.ends = bits.dashes;
  bits.odd &= inside;
  return is_common(text, length, bits);
}

#if defined(__x86_64__)
/// For each ASCII character, a bit a question. Two neighbours have a bit of their pairs in common when a dash or an
/// underscore behind them may end the prefix of a key.
enum : uint8_t { of_fine = 1, of_letters = 2, of_digits = 4, of_dashes = 8, of_odd = 16 };

struct NameTables {
  alignas(64) uint8_t questions[128] = {};
  alignas(64) uint8_t first_of_pair[128] = {};
  alignas(64) uint8_t second_of_pair[128] = {};

  NameTables() {
    for (int c = 0; c < 128; ++c) {
      const bool is_dash = c == '-' || c == '_', is_odd = c == ':' || c == '/';
      if (is_letter(uint8_t(c))) questions[c] = of_fine | of_letters;
      if (is_digit(uint8_t(c))) questions[c] = of_fine | of_digits;
      if (is_dash) questions[c] = of_fine | of_dashes;
      if (c == '.' || is_odd) questions[c] = of_fine;
      if (is_odd || c == 'A' || c == 'J') questions[c] |= of_odd;
    }
    // A bit for each character that begins pairs; the last bit is for all that are left.
    uint8_t bit = 1;
    for (const char first : std::string_view("sapxhlr")) add_pairs(uint8_t(first & 31), bit), bit = uint8_t(bit << 1);
    for (uint8_t first = 0; first < 32; ++first)
      if (first_of_pair[first | 0x40] == 0) add_pairs(first, bit);
  }

 private:
  /// `first`: the five bits of it that count.
  void add_pairs(uint8_t first, uint8_t bit) {
    bool any = false;
    for (size_t second = 0; second < 128; ++second)
      if (prefix_ends[size_t(first) << 5 | (second & 31)]) second_of_pair[second] |= bit, any = true;
    if (!any) return;
    for (size_t c = first; c < 128; c += 32) first_of_pair[c] |= bit;
  }
};
const NameTables name_tables;

#define AT_ONCE __attribute__((target("avx512f,avx512bw,avx512vbmi")))

/// What a table of 128 bytes says of each byte.
AT_ONCE inline __m512i look_up(const uint8_t *table, __m512i bytes) {
  return _mm512_permutex2var_epi8(_mm512_load_si512(table), bytes, _mm512_load_si512(table + 64));
}

/// All bytes at once, each looked up in a table: on machines that can.
AT_ONCE bool is_common_at_once(const uint8_t *text, size_t length) {
  const uint64_t inside = NameBits::inside(length);
  const __m512i bytes = _mm512_maskz_loadu_epi8(inside, text), next = _mm512_maskz_loadu_epi8(inside >> 1, text + 1);
  const __m512i answers = look_up(name_tables.questions, bytes);
  // A table is asked with seven bits a byte: those beyond ASCII have no bit.
  const uint64_t known = inside & ~uint64_t(_mm512_movepi8_mask(bytes));
  const auto which = [&](uint8_t question) AT_ONCE {
    return uint64_t(_mm512_mask_test_epi8_mask(known, answers, _mm512_set1_epi8(char(question))));
  };
  NameBits bits;
  bits.fine = which(of_fine);
  bits.letters = which(of_letters);
  bits.digits = which(of_digits);
  bits.dashes = which(of_dashes);
  const uint64_t pairs = _mm512_test_epi8_mask(look_up(name_tables.first_of_pair, bytes),
                                               look_up(name_tables.second_of_pair, next));
  bits.ends = bits.dashes & pairs << 2;
  bits.odd = which(of_odd);
  return is_common(text, length, bits);
}
#undef AT_ONCE

const auto is_common_up_to_64 =
    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") ? is_common_at_once : is_common_by_sixteens;
#else
const auto is_common_up_to_64 = is_common_by_sixteens;
#endif

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
  return length - 1 < 64 && is_common_up_to_64(text, length);
}

uint8_t cjson_classify_padded(const uint8_t *text, size_t length) {
  if (is_common_name(text, length)) return cjson_flag_plain | cjson_flag_identifier;
  return cjson_classify(text, length);
}

uint8_t cjson_classify_by_sixteens(const uint8_t *text, size_t length) {
  if (length - 1 < 64 && is_common_by_sixteens(text, length)) return cjson_flag_plain | cjson_flag_identifier;
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
