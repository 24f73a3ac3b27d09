// WebSocket frames by wslay; the connection and its socket stay ours.
#pragma once
#include <wslay/wslay.h>

/// The server's end of a connection; messages are handed over in pieces, never kept whole. NULL without memory.
static inline wslay_event_context_ptr cwslay_server(const struct wslay_event_callbacks *callbacks, uint64_t frame_bytes_max,
                                                    void *context) {
  wslay_event_context_ptr made = NULL;
  if (wslay_event_context_server_init(&made, callbacks, context) != 0) return NULL;
  wslay_event_config_set_no_buffering(made, 1);
  wslay_event_config_set_max_recv_msg_length(made, frame_bytes_max);
  return made;
}

static inline int cwslay_queue(wslay_event_context_ptr context, uint8_t opcode, const uint8_t *bytes, size_t count) {
  const struct wslay_event_msg message = {.opcode = opcode, .msg = bytes, .msg_length = count};
  return wslay_event_queue_msg(context, &message);
}
