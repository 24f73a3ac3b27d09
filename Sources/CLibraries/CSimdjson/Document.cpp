#include "CSimdjson.h"

#include <simdjson.h>

#include <new>
#include <string>
#include <vector>

struct cjson_document {
  std::vector<cjson_node> nodes;
  std::string text;
  const char *error = nullptr;
};

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

void text_of(cjson_document &document, cjson_node &node, std::string_view text) {
  node.text_offset = uint32_t(document.text.size());
  node.text_length = uint32_t(text.size());
  document.text.append(text.data(), text.size());
}

void walk(cjson_document &document, element value) {
  const size_t at = document.nodes.size();
  document.nodes.push_back(cjson_node{});
  cjson_node node{};
  switch (value.type()) {
    case element_type::OBJECT:
      node.kind = 'o';
      for (auto [key, member] : simdjson::dom::object(value)) {
        ++node.count;
        cjson_node name{};
        name.kind = 'k';
        text_of(document, name, key);
        document.nodes.push_back(name);
        walk(document, member);
      }
      break;
    case element_type::ARRAY:
      node.kind = 'a';
      for (element member : simdjson::dom::array(value)) {
        ++node.count;
        walk(document, member);
      }
      break;
    case element_type::STRING:
      node.kind = 's';
      text_of(document, node, std::string_view(value));
      break;
    case element_type::INT64:
      node.kind = 'i';
      node.integer = int64_t(value);
      break;
    case element_type::UINT64:
      node.kind = 'u';
      node.integer = int64_t(uint64_t(value));
      break;
    case element_type::DOUBLE:
      node.kind = 'd';
      node.number = double(value);
      break;
    case element_type::BOOL:
      node.kind = bool(value) ? 't' : 'f';
      break;
    case element_type::NULL_VALUE:
      node.kind = 'n';
      break;
  }
  document.nodes[at] = node;
}

}  // namespace

cjson_document *cjson_parse(const uint8_t *bytes, size_t length) {
  auto *document = new (std::nothrow) cjson_document;
  if (!document) return nullptr;
  simdjson::dom::parser parser;
  element root;
  // The copy brings the padding that simdjson reads behind the text.
  const auto error = parser.parse(bytes, length, true).get(root);
  if (error) {
    document->error = simdjson::error_message(error);
    return document;
  }
  walk(*document, root);
  return document;
}

void cjson_free(cjson_document *document) { delete document; }
const char *cjson_error(const cjson_document *document) { return document->error; }
size_t cjson_node_count(const cjson_document *document) { return document->nodes.size(); }
const cjson_node *cjson_nodes(const cjson_document *document) { return document->nodes.data(); }
const uint8_t *cjson_text(const cjson_document *document) {
  return reinterpret_cast<const uint8_t *>(document->text.data());
}
