import CWslay

/// One connection's WebSocket frames, by wslay: takes apart what was read, in pieces, and sends what is queued.
///
/// wslay answers pings and farewells by itself, and says farewell by itself after frames that break the protocol (1002),
/// text that is not UTF-8 (1007), and frames over the limit (1009).
@safe final class WebSocketCodec {
  /// Nothing can be sent any more: the connection is broken.
  private(set) var isBroken = false

  private var context: OpaquePointer?
  private let raw: Int32
  private unowned let reader: any WebSocketReader
  /// What is being taken apart; only while `take` runs.
  private var input: UnsafeRawBufferPointer
  private var isControlFrame = false
  /// A frame's header broke the protocol: wslay has queued a farewell for it, but without its code.
  private var isHeaderFaulty = false

  private static let farewell: UInt8 = 8
  private static let ping: UInt8 = 9
  private static let text: UInt8 = 1
  /// 1002 as a frame.
  private static let protocolError: [UInt8] = [0x88, 2, 0x03, 0xEA]
  private static let reasonBytesMax = 123

  /// nil: there is no memory.
  /// - Parameters:
  ///   - raw: the socket; it stays the caller's.
  ///   - frameBytesMax: a longer frame ends the connection.
  ///   - reader: is told what came; owns the codec.
  init?(raw: Int32, frameBytesMax: Int, reader: any WebSocketReader) {
    self.raw = raw
    self.reader = reader
    unsafe input = UnsafeRawBufferPointer(start: nil, count: 0)
    var callbacks = Self.callbacks
    unsafe context = cwslay_server(
      &callbacks, UInt64(frameBytesMax), Unmanaged.passUnretained(self).toOpaque())
    guard unsafe context != nil else { return nil }
  }

  deinit { unsafe wslay_event_context_free(context) }

  /// Takes bytes apart and tells the reader. After a farewell, of whichever side, the rest is of no interest.
  /// - Returns: false when there is no memory.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    unsafe input = bytes
    let status = unsafe wslay_event_recv(context)
    unsafe input = UnsafeRawBufferPointer(start: nil, count: 0)
    if status == WSLAY_ERR_CALLBACK_FAILURE.rawValue { isHeaderFaulty = true }
    return status != WSLAY_ERR_NOMEM.rawValue
  }

  /// False from the first farewell on.
  var isReading: Bool { unsafe wslay_event_get_read_enabled(context) != 0 }

  /// What the client gave as its reason to go, once it has; 1005: none.
  var codeReceived: UInt16? {
    guard unsafe wslay_event_get_close_received(context) != 0 else { return nil }
    return unsafe wslay_event_get_status_code_received(context)
  }

  /// What we gave as ours, once that is sent.
  var codeSent: UInt16? {
    if isHeaderFaulty { return WebSocketClose.protocolError.rawValue }
    guard unsafe wslay_event_get_close_sent(context) != 0 else { return nil }
    return unsafe wslay_event_get_status_code_sent(context)
  }

  /// Messages, answers to pings and such that are not sent yet.
  var queuedCount: Int { unsafe wslay_event_get_queued_msg_count(context) }

  /// Queues a text message; false when a farewell was said or there is no memory.
  @discardableResult
  func queue(_ message: String) -> Bool { queue(Self.text, Array(message.utf8)) }

  @discardableResult
  func queuePing() -> Bool { queue(Self.ping, []) }

  /// Nothing can be queued after it. What comes is still taken apart, up to the client's own farewell.
  func queueFarewell(_ code: WebSocketClose, _ reason: String) {
    let reason = Array(reason.utf8.prefix(Self.reasonBytesMax))
    unsafe _ = wslay_event_queue_close(context, code.rawValue, reason, reason.count)
  }

  /// Sends what the socket takes.
  /// - Returns: whether nothing is left.
  @discardableResult
  func flush() -> Bool {
    guard !isBroken else { return true }
    if isHeaderFaulty, queuedCount == 1, unsafe wslay_event_get_write_enabled(context) != 0 {
      TcpSocket.sendAtOnce(raw, Self.protocolError)
      unsafe wslay_event_shutdown_write(context)
      return true
    }
    if unsafe wslay_event_send(context) != 0 { isBroken = true }
    return unsafe isBroken || wslay_event_want_write(context) == 0
  }

  private func queue(_ opcode: UInt8, _ bytes: [UInt8]) -> Bool {
    unsafe cwslay_queue(context, opcode, bytes, bytes.count) == 0
  }

  private static var callbacks: wslay_event_callbacks {
    unsafe wslay_event_callbacks(
      recv_callback: { context, target, count, _, codec in
        unsafe WebSocketCodec.of(codec).give(target, count, context)
      },
      send_callback: { context, bytes, count, _, codec in
        unsafe WebSocketCodec.of(codec).send(bytes, count, context)
      },
      genmask_callback: nil,
      on_frame_recv_start_callback: { _, frame, codec in
        guard let frame = unsafe frame else { return }
        unsafe WebSocketCodec.of(codec).frameBegan(frame.pointee.opcode)
      },
      on_frame_recv_chunk_callback: { _, chunk, codec in
        guard let chunk = unsafe chunk?.pointee else { return }
        unsafe WebSocketCodec.of(codec).frameCame(
          UnsafeRawBufferPointer(start: chunk.data, count: chunk.data_length))
      },
      on_frame_recv_end_callback: nil,
      on_msg_recv_callback: { _, message, codec in
        guard let message = unsafe message, unsafe message.pointee.opcode < WebSocketCodec.farewell
        else { return }
        unsafe WebSocketCodec.of(codec).reader.messageEnded()
      })
  }

  private static func of(_ codec: UnsafeMutableRawPointer?) -> WebSocketCodec {
    guard let codec = unsafe codec else { invariantIsBroken("wslay lost its codec") }
    return unsafe Unmanaged<WebSocketCodec>.fromOpaque(codec).takeUnretainedValue()
  }

  /// The next bytes of the input, for wslay's own small buffer.
  private func give(
    _ target: UnsafeMutablePointer<UInt8>?, _ room: Int, _ context: OpaquePointer?
  ) -> Int {
    let count = unsafe min(room, input.count)
    guard count > 0, let target = unsafe target, let source = unsafe input.baseAddress else {
      unsafe wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK.rawValue)
      return -1
    }
    unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count)
    unsafe input = UnsafeRawBufferPointer(rebasing: input[count...])
    return count
  }

  private func send(
    _ bytes: UnsafePointer<UInt8>?, _ count: Int, _ context: OpaquePointer?
  ) -> Int {
    switch unsafe TcpSocket.sendSome(raw, UnsafeRawBufferPointer(start: bytes, count: count)) {
    case .bytes(let sent): return sent
    case .full:
      unsafe wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK.rawValue)
    case .failed:
      unsafe wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE.rawValue)
    }
    return -1
  }

  private func frameBegan(_ opcode: UInt8) {
    isControlFrame = opcode >= Self.farewell
    if opcode == Self.farewell { reader.closeBegan() }
    if !isControlFrame, opcode != 0 { reader.messageBegan() }
  }

  private func frameCame(_ piece: UnsafeRawBufferPointer) {
    if !isControlFrame, piece.count > 0 { unsafe reader.messageCame(piece) }
  }
}
