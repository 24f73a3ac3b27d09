// simdjson behind a C face. Offsets, never pointers, cross it: a C struct with a pointer is unsafe everywhere in Swift.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- whole documents, for settings, prices and answers (not the event path) ----

/// One node of a document, in document order. An object's members come as key node, value node(s).
struct cjson_node {
  uint8_t kind;        // 'o' object, 'a' array, 's' string, 'k' key, 'i' integer, 'u' above int64, 'd' double, 't', 'f', 'n'
  uint32_t count;      // of members or elements
  uint32_t text_offset;  // of a string or key in the text buffer
  uint32_t text_length;
  int64_t integer;     // of 'i'; the bits of 'u'
  double number;       // of 'd'
};

/// A parsed document. NULL from `cjson_parse` only without memory.
typedef struct cjson_document cjson_document;
cjson_document *cjson_parse(const uint8_t *bytes, size_t length);
void cjson_free(cjson_document *document);
/// NULL when it was parsed, else what is wrong with it.
const char *cjson_error(const cjson_document *document);
/// The line, from 1, where a text that does not parse is broken; 0: not known (a string that is not closed).
size_t cjson_fault_line(const uint8_t *bytes, size_t length);
size_t cjson_node_count(const cjson_document *document);
const struct cjson_node *cjson_nodes(const cjson_document *document);
/// The unescaped strings, UTF-8.
const uint8_t *cjson_text(const cjson_document *document);

// ---- frames of events (the hot path): one parse and one walk into flat tables ----

enum {
  cjson_slots_max = 64,
  cjson_frames_max = 8,  // read at once: their tables and texts stay in the processor's cache
  // What is done with the value a key leads to.
  cjson_action_extra = 0,    // unknown: a leaf; its strings are content
  cjson_action_slot = 1,     // a scalar into its slot
  cjson_action_list = 2,     // a leaf for each scalar of an array, with the slot's number
  cjson_action_content = 3,  // all strings below are content, nothing else is kept
  cjson_action_ignore = 4,   // left out on purpose
  cjson_action_keep = 5,     // a leaf whose strings are identifiers
  cjson_no_context = 0xffff,
  cjson_no_slot = 0xff,
  // How a string may be used; only strings have them.
  cjson_flag_plain = 1,       // needs no escapes in JSON
  cjson_flag_identifier = 2,  // looks like an identifier
  cjson_flag_suspect = 4,     // may hold a secret: look closer before it is kept
  cjson_flag_content = 8,     // is part of the content
  cjson_flag_aux = 16,        // its text is in the auxiliary text, not in the document's
  cjson_flag_suspect_path = 32,  // of a leaf: a key that led to it may be a secret
  cjson_flag_unclassed = 64,  // plain, identifier, suspect are not known: `cjson_classify` tells
  // Why a frame was refused.
  cjson_ok = 0,
  cjson_not_json = 1,
  cjson_not_object = 2,
  cjson_not_utf8 = 3,
  cjson_too_long = 4,
  cjson_too_deep = 5,
  cjson_too_many_keys = 6,
  cjson_not_finite = 7,
  cjson_no_memory = 8,
};

/// A scalar: 's' string, 'i' integer, 'u' above int64 (its bits), 'd' double, 't', 'f'; 'a' an array left out
/// (integer: its length). 0: none.
struct cjson_value {
  uint8_t kind;
  uint8_t flags;
  uint8_t slot;
  uint8_t rank;
  uint32_t row;  // of the path table that led here
  uint32_t text_offset;
  uint32_t text_length;
  int64_t integer;
  double number;
};

/// A value with the path of keys that led to it, joined by dots, in the auxiliary text.
struct cjson_leaf {
  struct cjson_value value;
  uint32_t path_offset;
  uint32_t path_length;
};

/// What became of one frame. Valid, with the tables, until the next one.
struct cjson_frame {
  size_t offset;  // of its first non-blank byte, and the length up to its last
  size_t length;
  size_t lines;  // line ends passed, those of blank lines before it too
  uint64_t present;  // one bit a slot
  uint32_t markers;  // the or of the `marker` of all keys met
  uint32_t leaf_count;
  uint32_t list_count;  // of the leaves: elements of lists
  uint32_t duplicate_keys;
  uint32_t content_count;  // strings in the content
  size_t content_length;
  size_t error_code;  // simdjson's own, when not parsed
  uint8_t status;     // cjson_ok or why not
  uint8_t repaired;
};

/// The tables of one frame, up to the next reading. 64 bytes from the start of a string on can be read.
struct cjson_tables {
  const struct cjson_value *slots;   // `cjson_slots_max`; those without their bit in `present` are stale
  const struct cjson_leaf *leaves;
  const uint8_t *text;       // where strings stand: the frame itself, or the document's unescaped strings
  const uint8_t *auxiliary;
  const uint8_t *content;    // all content strings in order, each behind its length in four bytes
};

/// A parser, its path table, and the tables of the frames it read last. Not for two threads at once.
typedef struct cjson_walker cjson_walker;
/// NULL without memory. More than `keys_max` keys outside of content, or `depth_max` levels: refused.
cjson_walker *cjson_walker_new(size_t depth_max, size_t keys_max, size_t length_max);
void cjson_walker_free(cjson_walker *walker);

/// A new context (the keys of one kind of object); 0 is the root's. `unknown` is the action for keys not listed.
uint32_t cjson_walker_add_context(cjson_walker *walker, uint8_t unknown);
/// `object` and `element`: the contexts of an object, or of an array's first element, below this key, or
/// cjson_no_context. The lower `rank` wins a slot. `is_classed`: 0 for a slot whose strings are read as something else than
/// names, so that nobody looks at their flags.
void cjson_walker_add_key(cjson_walker *walker, uint32_t context, const uint8_t *key, size_t length,
                          uint8_t action, uint8_t slot, uint8_t rank, uint32_t row, uint32_t marker,
                          uint32_t object, uint32_t element, int is_classed);

/// Frames that are read together, of one piece of bytes or of several. It begins as zeros.
typedef struct cjson_group {
  size_t count;        ///< frames in it: their tables are those from 0 on
  size_t bytes;        ///< of all of them
  size_t blank_lines;  ///< behind the last frame, where the bytes of the last call ended
  int is_closed;       ///< it takes no more: a frame was long, or needs the parser's document
} cjson_group;

/// Reads the next non-blank lines from `*at` on into `frames` behind those that the group has, to `frames_max` of it (at
/// most `cjson_frames_max`), and moves `*at` behind them. How many. A group without frames takes one, if there is one.
/// 64 bytes behind `bytes + length` must be readable.
size_t cjson_walker_add_lines(cjson_walker *walker, cjson_group *group, const uint8_t *bytes,
                              size_t length, size_t *at, struct cjson_frame *frames,
                              size_t frames_max);
/// Only finds the line: nothing is parsed, no table filled.
int cjson_next_line(const uint8_t *bytes, size_t length, size_t *at, struct cjson_frame *frame);
/// Reads all of `bytes` as one frame; 0 when it is blank.
int cjson_walker_read(cjson_walker *walker, const uint8_t *bytes, size_t length,
                      struct cjson_frame *frame);

/// From now on every frame goes the long way, through simdjson's document: what tests hold the quick way against.
void cjson_walker_read_closely(cjson_walker *walker);

/// Gives back the memory of frames over 1 MiB; the tables are not valid any more.
void cjson_walker_rest(cjson_walker *walker);

/// Of a frame that was read last, from 0; a frame that was refused has none that mean anything.
const struct cjson_tables *cjson_walker_tables(const cjson_walker *walker, size_t frame);

/// How a string may be used: the flags plain, identifier, suspect.
uint8_t cjson_classify(const uint8_t *text, size_t length);
/// The same, faster, of a text with 15 readable bytes behind it, as in a frame and in simdjson's string buffer.
uint8_t cjson_classify_padded(const uint8_t *text, size_t length);
/// The same on processors that can not look at 64 bytes at once, so that tests can hold it against the others.
uint8_t cjson_classify_by_sixteens(const uint8_t *text, size_t length);
/// The shortest text that reads back as this finite number, with an exponent from 1e18 on; at most 32 bytes. How many were written.
size_t cjson_write_double(uint8_t *to, double value);
/// Reads a decimal number that takes all of `text`; 0 when it is none or not finite.
int cjson_read_double(const uint8_t *text, size_t length, double *value);

#ifdef __cplusplus
}
#endif
