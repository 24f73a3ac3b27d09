// The parser, its path table, and the tables of the frame it read last.
#pragma once
#include "CSimdjson.h"
#include "PathTable.h"
#include "Repair.h"
#include "TextBuffer.h"

#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A key on the way to a value. What is shown of it is found out when the first leaf below it is written.
struct PathKey {
  std::string_view name;
  bool is_judged = false;
  bool is_shown = false;
  bool is_suspect = false;
};

struct cjson_walker {
  cjson_walker(size_t depth_max, size_t keys_max, size_t length_max)
      : depth_max(depth_max), keys_max(keys_max), length_max(length_max), seen(keys_max + 1) {
    leaves.resize(keys_max + 1);
    path.resize(depth_max + 1);
    renew();
  }

  void renew() {
    parser = std::make_unique<simdjson::dom::parser>(length_max + 64);
    (void)parser->allocate(64 << 10, levels());
    capacity = 64 << 10;
    is_swollen = false;
    text = nullptr;
    content = TextBuffer();
    aux = TextBuffer();
    repaired = std::string();
  }

  int read(const uint8_t *bytes, size_t length, cjson_frame &frame);

  /// simdjson refuses the level its limit names.
  size_t levels() const { return depth_max + 1; }

  const size_t depth_max, keys_max, length_max;
  std::vector<Context> contexts;
  SeenKeys seen;
  uint64_t object_number = 0;  // of all objects ever walked that have keys to look up
  std::unique_ptr<simdjson::dom::parser> parser;
  size_t capacity = 0;
  bool is_quick = true;  // plain frames need no document of simdjson's
  bool is_swollen = false;  // a frame was so large that its memory must not be kept
  cjson_value slots[cjson_slots_max] = {};
  std::vector<cjson_leaf> leaves;
  std::vector<PathKey> path;
  TextBuffer content, aux;
  std::string repaired;
  const uint8_t *text = nullptr;

 private:
  bool make_room(size_t length);
  bool read_quickly(const uint8_t *bytes, cjson_frame &frame);
  void read_closely(const uint8_t *bytes, cjson_frame &frame);
  uint8_t parse(const uint8_t *bytes, size_t length, simdjson::dom::element &root, cjson_frame &frame);
  uint8_t refuse(simdjson::error_code error, const uint8_t *bytes, size_t length,
                 const RepairedFrame &second, cjson_frame &frame);
};
