// The parser, its path table, and the tables of the frame it read last.
#pragma once
#include "CSimdjson.h"
#include "PathTable.h"
#include "Repair.h"
#include "TextBuffer.h"

#include <simdjson.h>

#include <algorithm>
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

/// What was found in one frame.
struct FrameStore {
  cjson_value slots[cjson_slots_max] = {};
  std::vector<cjson_leaf> leaves;
  TextBuffer content, aux;
  const uint8_t *text = nullptr;
  cjson_tables tables = {};

  /// Once it is all there: buffers move while they grow.
  void complete() {
    tables.slots = slots;
    tables.leaves = leaves.data();
    tables.text = text;
    tables.auxiliary = reinterpret_cast<const uint8_t *>(aux.data());
    tables.content = reinterpret_cast<const uint8_t *>(content.data());
  }

  size_t text_bytes() const { return content.size() + aux.size(); }

  void renew() {
    content = TextBuffer();
    aux = TextBuffer();
    text = nullptr;
  }
};

/// Frames that are read at once have so many bytes at most; a longer one is read alone, into the first store.
constexpr size_t together_bytes_max = 32 << 10;

struct cjson_walker {
  cjson_walker(size_t depth_max, size_t keys_max, size_t length_max)
      : depth_max(depth_max), keys_max(keys_max), length_max(length_max), seen(keys_max + 1) {
    // The shortest leaf is an element of a list and its comma.
    for (FrameStore &store : stores) store.leaves.resize(std::min(keys_max, together_bytes_max / 2) + 1);
    stores[0].leaves.resize(keys_max + 1);
    path.resize(depth_max + 1);
    renew();
  }

  void renew() {
    parser = std::make_unique<simdjson::dom::parser>(length_max + 64);
    (void)parser->allocate(64 << 10, levels());
    capacity = 64 << 10;
    is_swollen = false;
    for (FrameStore &store : stores) store.renew();
    repaired = std::string();
  }

  void drop_large_store() {
    if (large_store != 0) stores[large_store].renew();
    large_store = 0;
  }

  /// Into the store of that number.
  int read(const uint8_t *bytes, size_t length, cjson_frame &frame, size_t number);

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
  FrameStore stores[cjson_frames_max];
  std::vector<PathKey> path;
  std::string repaired;
  bool read_closely_last = false;  // texts of the frame read last may stand in the parser's document
  size_t large_store = 0;  // not the first, and its texts are so long that their memory must not be kept

 private:
  bool make_room(size_t length);
  bool read_quickly(const uint8_t *bytes, cjson_frame &frame, FrameStore &store);
  void read_closely(const uint8_t *bytes, cjson_frame &frame, FrameStore &store);
  uint8_t parse(const uint8_t *bytes, size_t length, simdjson::dom::element &root, cjson_frame &frame);
  uint8_t refuse(simdjson::error_code error, const uint8_t *bytes, size_t length,
                 const RepairedFrame &second, cjson_frame &frame);
};
