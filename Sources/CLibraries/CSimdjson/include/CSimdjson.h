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
size_t cjson_node_count(const cjson_document *document);
const struct cjson_node *cjson_nodes(const cjson_document *document);
/// The unescaped strings, UTF-8.
const uint8_t *cjson_text(const cjson_document *document);

#ifdef __cplusplus
}
#endif
