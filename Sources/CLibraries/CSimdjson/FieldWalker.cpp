// Frames into flat tables: one walk fills slots of known fields, leaves of unknown ones and the content. What a key
// means is looked up in contexts, which the caller fills once. Plain frames are walked as they come; for all others
// simdjson makes its document, which says what is wrong, and that is walked.
#include "QuickWalk.h"
#include "Walk.h"

#include <cstring>
#include <new>

namespace {

/// A frame over this makes parser and buffers anew afterwards: the parser keeps 8 bytes a byte.
constexpr size_t keep_bytes_max = 1 << 20;

/// The texts of a frame, with the paths of its leaves, can be far longer than it is: over this it is the last one that is
/// read, and only the first store keeps such memory.
constexpr size_t store_bytes_max = 64 << 10;

// Strings are copied with what lies behind them, in frames and in simdjson's string buffer alike.
static_assert(simdjson::SIMDJSON_PADDING >= 64, "64 bytes from the start of any string on must be readable");

bool is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool looks_like_utf16(const uint8_t *bytes, size_t length) {
  if (length < 2) return false;
  if ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)) return true;
  return (bytes[0] == 0 && bytes[1] != 0) || (bytes[0] != 0 && bytes[1] == 0);
}

}  // namespace

uint8_t cjson_walker::refuse(simdjson::error_code error, const uint8_t *bytes, size_t length,
                             const RepairedFrame &second, cjson_frame &frame) {
  frame.error_code = size_t(error);
  if (error == simdjson::UTF8_ERROR || looks_like_utf16(bytes, length)) return cjson_not_utf8;
  if (error == simdjson::DEPTH_ERROR) return cjson_too_deep;
  if (error == simdjson::CAPACITY) return cjson_too_long;
  if (error == simdjson::MEMALLOC) return cjson_no_memory;
  return second.not_finite ? cjson_not_finite : cjson_not_json;
}

bool cjson_walker::make_room(size_t length) {
  if (length <= capacity) return true;
  while (capacity < length) capacity *= 2;
  return !parser->allocate(capacity, levels());
}

uint8_t cjson_walker::parse(const uint8_t *bytes, size_t length, element &root,
                            cjson_frame &frame) {
  auto error = parser->parse(bytes, length, false).get(root);
  if (!error) return cjson_ok;
  if (looks_like_utf16(bytes, length)) return refuse(error, bytes, length, {}, frame);
  const bool can_repair = error == simdjson::STRING_ERROR || error == simdjson::NUMBER_ERROR;
  RepairedFrame second;
  if (error != simdjson::UTF8_ERROR && error != simdjson::DEPTH_ERROR)
    second = repair(bytes, length);
  if (can_repair && second.changed && !second.not_finite) {
    repaired = std::move(second.text);
    error = parser->parse(repaired.data(), repaired.size(), true).get(root);
    frame.repaired = !error;
    if (!error) return cjson_ok;
  }
  return refuse(error, bytes, length, second, frame);
}

int cjson_walker::read(const uint8_t *bytes, size_t length, cjson_frame &frame, size_t number) {
  read_closely_last = false;
  size_t first = 0;
  while (first < length && is_blank(bytes[first])) ++first;
  if (length - first >= 3 && std::memcmp(bytes + first, "\xef\xbb\xbf", 3) == 0) first += 3;
  while (first < length && is_blank(bytes[first])) ++first;
  while (length > first && is_blank(bytes[length - 1])) --length;
  if (first == length) return 0;
  frame.offset = first;
  frame.length = length - first;
  frame.repaired = 0;
  frame.error_code = 0;
  frame.duplicate_keys = 0;
  frame.content_length = 0;
  if (frame.length > length_max) {
    frame.status = cjson_too_long;
    return 1;
  }
  is_swollen |= frame.length > keep_bytes_max;
  if (!make_room(frame.length)) {
    frame.status = cjson_no_memory;
    return 1;
  }
  FrameStore &store = stores[number];
  read_closely_last = !is_quick || !read_quickly(bytes + first, frame, store);
  if (read_closely_last) read_closely(bytes + first, frame, store);
  store.complete();
  return 1;
}

bool cjson_walker::read_quickly(const uint8_t *bytes, cjson_frame &frame, FrameStore &store) {
  try {
    if (!QuickWalk(*this, frame, store, bytes, frame.length).root()) return false;
    frame.status = cjson_ok;
    frame.content_length = store.content.size();
    return true;
  } catch (const std::bad_alloc &) {
    return false;  // the other way says so
  }
}

void cjson_walker::read_closely(const uint8_t *bytes, cjson_frame &frame, FrameStore &store) {
  element root;
  frame.status = parse(bytes, frame.length, root, frame);
  if (frame.status != cjson_ok) return;
  store.text = parser->doc.string_buf.get();
  if (!root.is<object>()) {
    frame.status = cjson_not_object;
    return;
  }
  try {
    Walk walk(*this, frame, store, false);
    walk.root(object(root));
    if (walk.has_duplicates()) Walk(*this, frame, store, true).root(object(root));
    frame.content_length = store.content.size();
  } catch (const TooManyKeys &) {
    frame.status = cjson_too_many_keys;
  } catch (const std::bad_alloc &) {
    frame.status = cjson_no_memory;
  }
}

cjson_walker *cjson_walker_new(size_t depth_max, size_t keys_max, size_t length_max) {
  try {
    return new cjson_walker(depth_max, keys_max, length_max);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void cjson_walker_free(cjson_walker *walker) { delete walker; }

uint32_t cjson_walker_add_context(cjson_walker *walker, uint8_t unknown) {
  Context context;
  context.unknown = unknown;
  walker->contexts.push_back(std::move(context));
  return uint32_t(walker->contexts.size() - 1);
}

void cjson_walker_add_key(cjson_walker *walker, uint32_t context, const uint8_t *key, size_t length,
                          uint8_t action, uint8_t slot, uint8_t rank, uint32_t row, uint32_t marker,
                          uint32_t object, uint32_t element, int is_classed) {
  Key added;
  added.text.assign(reinterpret_cast<const char *>(key), length);
  added.action = action;
  added.slot = slot;
  added.rank = rank;
  added.row = row;
  added.marker = marker;
  added.object = uint16_t(object);
  added.element = uint16_t(element);
  added.is_classed = is_classed != 0;
  added.is_shown = is_shown_as_it_is(added.text);
  added.used = true;
  added.complete();
  walker->contexts[context].add(std::move(added));
}

int cjson_next_line(const uint8_t *bytes, size_t length, size_t *at, cjson_frame *frame) {
  frame->lines = 0;
  while (*at < length) {
    const size_t start = *at;
    const void *found = std::memchr(bytes + start, '\n', length - start);
    const size_t end = found ? size_t(static_cast<const uint8_t *>(found) - bytes) : length;
    *at = found ? end + 1 : end;
    ++frame->lines;
    size_t first = start, last = end;
    while (first < last && is_blank(bytes[first])) ++first;
    if (last - first >= 3 && std::memcmp(bytes + first, "\xef\xbb\xbf", 3) == 0) first += 3;
    while (first < last && is_blank(bytes[first])) ++first;
    while (last > first && is_blank(bytes[last - 1])) --last;
    if (first == last) continue;
    frame->offset = first;
    frame->length = last - first;
    return 1;
  }
  return 0;
}

size_t cjson_walker_add_lines(cjson_walker *walker, cjson_group *group, const uint8_t *bytes,
                              size_t length, size_t *at, cjson_frame *frames, size_t frames_max) {
  const size_t count_max = std::min<size_t>(frames_max, cjson_frames_max);
  const size_t count_before = group->count;
  if (count_before == 0) walker->drop_large_store();
  size_t count = count_before, total = group->bytes;
  group->blank_lines = 0;
  while (count < count_max && !group->is_closed) {
    const size_t before = *at;
    cjson_frame &frame = frames[count];
    if (!cjson_next_line(bytes, length, at, &frame)) {
      group->blank_lines = frame.lines;
      break;
    }
    if (count > 0 && total + frame.length > together_bytes_max) {
      *at = before;
      group->is_closed = 1;
      break;
    }
    total += frame.length;
    const size_t start = frame.offset;
    walker->read(bytes + start, frame.length, frame, count);
    frame.offset = start;
    const bool is_large = walker->stores[count].text_bytes() > store_bytes_max;
    if (is_large) walker->large_store = count;
    ++count;
    if (is_large || walker->read_closely_last) group->is_closed = 1;
  }
  group->count = count;
  group->bytes = total;
  return count - count_before;
}

int cjson_walker_read(cjson_walker *walker, const uint8_t *bytes, size_t length,
                      cjson_frame *frame) {
  frame->lines = 1;
  return walker->read(bytes, length, *frame, 0);
}

void cjson_walker_read_closely(cjson_walker *walker) { walker->is_quick = false; }

void cjson_walker_rest(cjson_walker *walker) {
  if (walker->is_swollen) walker->renew();
  walker->drop_large_store();
}

const cjson_tables *cjson_walker_tables(const cjson_walker *walker, size_t frame) {
  return &walker->stores[frame].tables;
}
