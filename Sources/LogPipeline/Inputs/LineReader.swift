/// Cuts a content into pieces of whole lines: blocking reads, a buffer of 1 MiB that grows only while one line is longer.
///
/// A line over the limit is reported once, when its end is found, and costs no memory beyond the limit.
@safe package final class LineReader {
  package enum Outcome: Equatable, Sendable {
    case more
    /// The content is at its end, and all of it was handed out.
    case ended
    /// The taker wanted no more: what was not handed out is gone, read no further.
    case stopped
  }
  package static let lineMaxBytesDefault = 4 << 20
  /// Small enough that a checkpoint between two pieces costs little to go back to.
  private static let pieceBytes = 64 << 10

  package let content: InputFileContent
  /// The content begins with the byte order mark of UTF-16, so none of its lines will be JSON.
  package private(set) var startsWithUtf16Mark = false

  private let lineMaxBytes: Int
  private let pieceBytesMax: Int
  private var buffer = InputFileBuffer(capacityBytes: InputFileContent.bufferBytes)
  /// Bytes not handed out lie in `buffer[0..<filled]`; the first `searched` of them hold no line end.
  private var filled = 0
  private var searched = 0
  /// Where `buffer[0]` lies in the content.
  private var offsetBytes: UInt64
  /// No piece reaches across this place of the content: it must be where a line ends.
  package var boundaryOffsetBytes: UInt64?
  /// How much of a line over the limit has been thrown away, while inside one.
  private var skippedBytes: UInt64?

  /// Reads on from where `content` stands.
  package init(_ content: InputFileContent, lineMaxBytes: Int = lineMaxBytesDefault) {
    self.content = content
    self.lineMaxBytes = lineMaxBytes
    // No piece but a single line may be over the limit: that is how such a line is found.
    pieceBytesMax = min(Self.pieceBytes, lineMaxBytes)
    offsetBytes = content.offsetBytes
  }

  /// Reads once, waiting for it, and hands out the whole lines that are there.
  ///
  /// - Parameter take: answers false to stop.
  /// - Returns: whether there is more to read.
  /// - Throws: ``InputFileError``; the whole lines before the fault were handed out, a last one without end was not.
  package func read(_ take: (LinePiece) -> Bool) throws(InputFileError) -> Outcome {
    if filled == buffer.capacityBytes { grow() }
    let isAtStart = content.offsetBytes == 0
    let count = try unsafe content.read(into: buffer.slice(filled..<buffer.capacityBytes))
    guard count > 0 else { return finish(take) ? .ended : .stopped }
    if isAtStart { startsWithUtf16Mark = hasUtf16Mark(count) }
    filled += count
    return handOut(take) ? .more : .stopped
  }

  private func handOut(_ take: (LinePiece) -> Bool) -> Bool {
    if skippedBytes != nil {
      guard endSkipping(take) else { return false }
      if skippedBytes != nil { return true }
    }
    guard
      let last = unsafe ByteScan.last(
        0x0A, in: UnsafeRawBufferPointer(buffer.slice(searched..<filled)))
    else {
      keepPartial(from: 0)
      return true
    }
    let end = searched + last + 1
    var at = 0
    while at < end {
      let next = pieceEnd(from: at, to: boundary(after: at, to: end))
      guard handOut(lines: at..<next, take) else { return false }
      at = next
    }
    keepPartial(from: end)
    return true
  }

  private func boundary(after at: Int, to end: Int) -> Int {
    guard let boundaryOffsetBytes, boundaryOffsetBytes > offsetBytes + UInt64(at),
      boundaryOffsetBytes < offsetBytes + UInt64(end)
    else { return end }
    return Int(boundaryOffsetBytes - offsetBytes)
  }

  /// Where the piece that starts at `at` ends: behind a line end, `end` at the most.
  private func pieceEnd(from at: Int, to end: Int) -> Int {
    guard end - at > pieceBytesMax else { return end }
    let near = unsafe UnsafeRawBufferPointer(buffer.slice(at..<(at + pieceBytesMax)))
    if let last = unsafe ByteScan.last(0x0A, in: near) { return at + last + 1 }
    let far = unsafe UnsafeRawBufferPointer(buffer.slice((at + pieceBytesMax)..<end))
    guard let first = unsafe ByteScan.first(0x0A, in: far) else { return end }
    return at + pieceBytesMax + first + 1
  }

  private func handOut(lines range: Range<Int>, _ take: (LinePiece) -> Bool) -> Bool {
    let isTooLong = range.count - 1 > lineMaxBytes
    return unsafe take(
      LinePiece(
        kind: isTooLong ? .tooLong(lengthBytes: UInt64(range.count - 1)) : .lines,
        bytes: UnsafeRawBufferPointer(
          buffer.slice(isTooLong ? range.lowerBound..<range.lowerBound : range)),
        endOffsetBytes: offsetBytes + UInt64(range.upperBound)))
  }

  /// Inside a line over the limit: throws away up to its end, and reports it when that was found.
  private func endSkipping(_ take: (LinePiece) -> Bool) -> Bool {
    guard let skipped = skippedBytes else { return true }
    guard
      let lineEnd = unsafe ByteScan.first(
        0x0A, in: UnsafeRawBufferPointer(buffer.slice(0..<filled)))
    else {
      skippedBytes = skipped + UInt64(filled)
      drop(filled)
      return true
    }
    skippedBytes = nil
    drop(lineEnd + 1)
    return report(tooLong: skipped + UInt64(lineEnd), take)
  }

  private func report(tooLong lengthBytes: UInt64, _ take: (LinePiece) -> Bool) -> Bool {
    unsafe take(
      LinePiece(
        kind: .tooLong(lengthBytes: lengthBytes),
        bytes: UnsafeRawBufferPointer(buffer.slice(0..<0)), endOffsetBytes: offsetBytes))
  }

  /// Moves the line that is not whole yet to the front; begins to skip it when it is over the limit already.
  private func keepPartial(from start: Int) {
    drop(start)
    searched = filled
    if filled > lineMaxBytes {
      skippedBytes = UInt64(filled)
      drop(filled)
    }
    if buffer.capacityBytes > InputFileContent.bufferBytes, filled < InputFileContent.bufferBytes {
      resize(to: InputFileContent.bufferBytes)
    }
  }

  private func drop(_ count: Int) {
    buffer.moveToFront(count..<filled)
    filled -= count
    searched = 0
    offsetBytes += UInt64(count)
  }

  private func grow() {
    resize(to: min(buffer.capacityBytes * 2, max(lineMaxBytes + 1, buffer.capacityBytes + 1)))
  }

  private func resize(to capacityBytes: Int) {
    let other = InputFileBuffer(capacityBytes: capacityBytes)
    unsafe other.bytes.copyMemory(from: UnsafeRawBufferPointer(buffer.slice(0..<filled)))
    buffer = other
  }

  private func finish(_ take: (LinePiece) -> Bool) -> Bool {
    if let skipped = skippedBytes {
      skippedBytes = nil
      return report(tooLong: skipped, take)
    }
    guard filled > 0 else { return true }
    let length = filled
    filled = 0
    searched = 0
    offsetBytes += UInt64(length)
    return unsafe take(
      LinePiece(
        kind: .lastLine, bytes: UnsafeRawBufferPointer(buffer.slice(0..<length)),
        endOffsetBytes: offsetBytes))
  }

  private func hasUtf16Mark(_ count: Int) -> Bool {
    guard count >= 2 else { return false }
    let (first, second) = unsafe (buffer.bytes[0], buffer.bytes[1])
    return (first, second) == (0xFF, 0xFE) || (first, second) == (0xFE, 0xFF)
  }
}
