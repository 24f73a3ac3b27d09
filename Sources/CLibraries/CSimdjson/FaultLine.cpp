// Where a document is broken: simdjson's parser says only what, its reader of one value after the other knows where it stopped.
#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>

namespace {

namespace ondemand = simdjson::ondemand;

/// Reads all of a value. - Returns: what is wrong with it.
simdjson::error_code check(ondemand::value value, int levels) {
  if (levels == 0) return simdjson::DEPTH_ERROR;
  ondemand::json_type type;
  if (auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::object: {
      ondemand::object members;
      if (auto error = value.get_object().get(members)) return error;
      for (auto found : members) {
        std::string_view key;
        ondemand::value member;
        if (auto error = found.unescaped_key().get(key)) return error;
        if (auto error = found.value().get(member)) return error;
        if (auto error = check(member, levels - 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::array: {
      ondemand::array elements;
      if (auto error = value.get_array().get(elements)) return error;
      for (auto found : elements) {
        ondemand::value element;
        if (auto error = found.get(element)) return error;
        if (auto error = check(element, levels - 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::string: return value.get_string().error();
    case ondemand::json_type::number: return value.get_number().error();
    case ondemand::json_type::boolean: return value.get_bool().error();
    default: return value.is_null().error();
  }
}

}  // namespace

size_t cjson_fault_line(const uint8_t *bytes, size_t length) {
  constexpr int levels_max = 1024;
  const simdjson::padded_string text(reinterpret_cast<const char *>(bytes), length);
  ondemand::parser parser;
  ondemand::document document;
  if (parser.iterate(text).get(document)) return 0;
  ondemand::value root;
  auto error = document.get_value().get(root);
  if (!error) error = check(root, levels_max);
  const char *place = nullptr;
  const bool is_at_end = document.current_location().get(place) != simdjson::SUCCESS;
  if (!error && is_at_end) return 0;
  const char *start = text.data(), *end = start + length;
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (end > start && is_blank(end[-1])) --end;
  // What is not closed is missed at the end.
  if (is_at_end || error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) place = end;
  return 1 + size_t(std::count(start, std::min(place, end), '\n'));
}
