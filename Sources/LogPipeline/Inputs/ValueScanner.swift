/// Cuts a body that is no array into its objects: NDJSON, one object, or objects over several lines each.
///
/// An object ends where its braces close, so pretty-printed ones work. When that fails (a brace too few, a raw
/// newline in a string, wrong nesting, or an object over the limit), only what stands before the next line that begins
/// with a brace is given up: one bad NDJSON line does not cost its neighbours. What is not an object goes to the parser
/// line by line, which says what is wrong with it.
struct ValueScanner {
  private enum Mode {
    case between
    case object
    /// Not an object: up to the end of the line.
    case line
    /// After a failure: up to the next line that begins with a brace.
    case resync
  }

  private let frameBytesMax: Int
  private var mode = Mode.between
  private var position = 0
  private var frameStart = 0
  /// The frame is over the limit and was said to be.
  private var isSkipping = false

  // Of the object that is open:
  private var depth = 0
  /// One bit a level, the innermost lowest: 1 is an object, 0 an array.
  private var kinds: UInt64 = 0
  private var isInString = false
  private var isEscaped = false
  /// Where a line within the object begins with a brace: there it goes on if this object turns out to be broken.
  private var restart: Int?

  /// Deeper than any document may be; more could not be kept in `kinds`.
  private static let depthMax = 64
  private static let newline = UInt8(ascii: "\n")
  private static let brace = UInt8(ascii: "{")

  init(frameBytesMax: Int) { self.frameBytesMax = frameBytesMax }

  /// A frame has begun, not ended, and was not refused yet.
  var isWithinFrame: Bool { if case .between = mode { false } else { !isSkipping } }

  /// The caller has dropped so many bytes at the front.
  mutating func didDrop(_ count: Int) {
    position -= count
    frameStart -= count
    restart = restart.map { $0 - count }
  }

  /// - Parameters:
  ///   - bytes: all that was not dropped yet.
  ///   - isLast: nothing follows.
  /// - Returns: one frame, or why there is none now.
  mutating func next(in bytes: UnsafeRawBufferPointer, isLast: Bool) -> FrameCut {
    while position < bytes.count {
      let cut: FrameCut? =
        switch mode {
        case .between: unsafe start(bytes)
        case .object: unsafe scanObject(bytes)
        case .line: unsafe scanLine(bytes)
        case .resync: unsafe scanForBrace(bytes)
        }
      if let cut { return cut }
    }
    return unsafe needMore(bytes, isLast)
  }

  private mutating func start(_ bytes: UnsafeRawBufferPointer) -> FrameCut? {
    let byte = unsafe bytes[position]
    if byte.isJsonBlank {
      position += 1
      return nil
    }
    frameStart = position
    isSkipping = false
    position += 1
    guard byte == Self.brace else {
      mode = .line
      return nil
    }
    mode = .object
    (depth, kinds, isInString, isEscaped) = (1, 1, false, false)
    restart = nil
    return nil
  }

  private mutating func scanObject(_ bytes: UnsafeRawBufferPointer) -> FrameCut? {
    while position < bytes.count {
      if isInString {
        if !isEscaped { position = unsafe ByteScan.nextInString(bytes, from: position) }
        guard position < bytes.count else { return nil }
        let byte = unsafe bytes[position]
        if byte == Self.newline { return unsafe giveUp(bytes) }
        if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        position += 1
        continue
      }
      position = unsafe ByteScan.nextBetweenStrings(bytes, from: position)
      guard position < bytes.count else { return nil }
      let byte = unsafe bytes[position]
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case Self.brace, UInt8(ascii: "["):
        if byte == Self.brace, unsafe bytes[position - 1] == Self.newline {
          if isSkipping { return unsafe endFrame(bytes, at: position) }
          restart = restart ?? position
          if unsafe !mayValueStart(bytes) { return unsafe giveUp(bytes) }
        }
        if depth == Self.depthMax { return unsafe giveUp(bytes) }
        depth += 1
        kinds = kinds << 1 | (byte == Self.brace ? 1 : 0)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if kinds & 1 != (byte == UInt8(ascii: "}") ? 1 : 0) { return unsafe giveUp(bytes) }
        depth -= 1
        kinds >>= 1
        if depth == 0 {
          position += 1
          // As if it had been found too long before its end was there.
          let isTooLong = !isSkipping && position - frameStart > frameBytesMax
          if isTooLong, restart != nil { return unsafe giveUp(bytes) }
          return unsafe endFrame(bytes, at: position)
        }
      default: break
      }
      position += 1
    }
    return nil
  }

  /// Whether the last byte that was no blank lets a value follow.
  private func mayValueStart(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var at = position - 1
    while at > frameStart, unsafe bytes[at].isJsonBlank { at -= 1 }
    let previous = unsafe bytes[at]
    return previous == UInt8(ascii: ":") || previous == UInt8(ascii: "[")
      || previous == UInt8(ascii: ",") && kinds & 1 == 0
  }

  private mutating func scanLine(_ bytes: UnsafeRawBufferPointer) -> FrameCut? {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
    guard let end = unsafe ByteScan.first(Self.newline, in: rest) else {
      position = bytes.count
      return nil
    }
    position += end
    return unsafe endFrame(bytes, at: position)
  }

  private mutating func scanForBrace(_ bytes: UnsafeRawBufferPointer) -> FrameCut? {
    while position < bytes.count {
      if unsafe bytes[position] == Self.brace, position > 0,
        unsafe bytes[position - 1] == Self.newline
      {
        return unsafe endFrame(bytes, at: position)
      }
      position += 1
    }
    return nil
  }

  /// The open object is broken.
  private mutating func giveUp(_ bytes: UnsafeRawBufferPointer) -> FrameCut? {
    guard let restart else {
      mode = .resync
      return nil
    }
    position = restart
    return unsafe endFrame(bytes, at: restart)
  }

  private mutating func endFrame(_ bytes: UnsafeRawBufferPointer, at end: Int) -> FrameCut? {
    mode = .between
    guard !isSkipping else { return nil }
    // Blanks at its end count: they may have come before it was known to end.
    if end - frameStart > frameBytesMax { return .tooLong(frameStart..<end) }
    var last = end
    while last > frameStart, unsafe bytes[last - 1].isJsonBlank { last -= 1 }
    return .frame(frameStart..<last)
  }

  private mutating func needMore(
    _ bytes: UnsafeRawBufferPointer, _ isLast: Bool
  ) -> FrameCut {
    if case .between = mode { return isLast ? .ended : .more(keepFrom: position) }
    if !isSkipping, position - frameStart > frameBytesMax {
      if case .object = mode, restart != nil, let cut = unsafe giveUp(bytes) { return cut }
      isSkipping = true
      return .tooLong(frameStart..<position)
    }
    if isLast {
      if case .object = mode, let cut = unsafe giveUp(bytes) { return cut }
      return unsafe endFrame(bytes, at: bytes.count) ?? .ended
    }
    // One byte stays, so that the next one is known to begin a line.
    return .more(keepFrom: isSkipping ? max(position - 1, 0) : frameStart)
  }
}
