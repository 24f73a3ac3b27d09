/// A body of spans on its way to frames, some at a time: the calls of models among them become events.
package final class SpanFrames {
  @safe package enum Frame {
    case call(UnsafeRawBufferPointer)
    case refused(Refusal.Reason, Range<Int>, String)
  }

  /// Spans that are no calls of models: chains, tools, requests to databases.
  private(set) var passedOver: UInt64 = 0
  package private(set) var isEnded = false

  let encoding: TraceEncoding
  private let spanBytesMax: Int
  private var reader: (any TraceReading)?
  private var span = SpanDraft()
  private var frame = ByteSink(capacity: 4 << 10)

  /// How far one turn goes, in bytes of spans or of frames, before room is looked at again.
  private static let turnBytesMax = 256 << 10
  private static let turnStepsMax = 1024

  package init(_ encoding: TraceEncoding, spanBytesMax: Int) {
    self.encoding = encoding
    self.spanBytesMax = spanBytesMax
  }

  /// Goes on in the body, which must be whole and the same each time. 64 bytes behind a call's bytes are readable.
  /// - Returns: why nothing after this can be found, or nil.
  package func goOn(in body: UnsafeRawBufferPointer, _ take: (Frame) -> Void) -> TraceError? {
    let bytes = unsafe BodyBytes(body)
    var reader =
      self.reader ?? encoding.reader(bodyBytes: bytes.count, spanBytesMax: spanBytesMax)
    defer { self.reader = reader }
    var done = 0
    do throws(TraceError) {
      for _ in 0..<Self.turnStepsMax where done < Self.turnBytesMax {
        switch try reader.next(in: bytes, into: &span) {
        case .span(let range): done += max(range.count, takeSpan(take))
        case .broken(let range, let error):
          done += range.count
          take(
            .refused(
              .notJson, range,
              "The span is broken at byte \(error.place) of the body: \(error.what)."))
        case .tooLong(let range):
          done += range.count
          take(
            .refused(
              .tooLong, range,
              "The span has \(range.count) bytes; the limit is \(spanBytesMax) (inputs.tcp.line_max)."
            ))
        case .none: break
        case .ended:
          isEnded = true
          return nil
        }
      }
      return nil
    } catch {
      return error
    }
  }

  private func takeSpan(_ take: (Frame) -> Void) -> Int {
    guard SpanFrame.isCall(span) else {
      passedOver += 1
      return 0
    }
    SpanFrame.write(span, to: &frame)
    let count = frame.count
    unsafe frame.room(for: IntakeBuffer.paddingBytes).update(
      repeating: 0, count: IntakeBuffer.paddingBytes)
    unsafe take(.call(UnsafeRawBufferPointer(rebasing: frame.bytes[..<count])))
    return count
  }
}
