/// What libcurl hands over while one request runs. Touched by its callbacks, on the sender's thread only.
final class TransportExchange {
  private static let headerBytesMax = 64 << 10

  let stop: StopSignal
  let clock: any Clock
  let answerBytesMax: Int
  private(set) var body: [UInt8] = []
  private(set) var headers: [String: String] = [:]
  private(set) var isTooLarge = false
  private var headerBytes = 0
  private var sendCount = 0

  var wasSentTwice: Bool { sendCount > 1 }

  init(stop: StopSignal, clock: any Clock, answerBytesMax: Int) {
    self.stop = stop
    self.clock = clock
    self.answerBytesMax = answerBytesMax
  }

  func begin() {
    body.removeAll(keepingCapacity: body.capacity <= 1 << 20)
    headers.removeAll(keepingCapacity: true)
    (isTooLarge, headerBytes, sendCount) = (false, 0, 0)
  }

  /// A connection stands and the request goes out on it.
  func noteSending() { sendCount += 1 }

  /// False: stop reading.
  func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= answerBytesMax else {
      isTooLarge = true
      return false
    }
    unsafe body.append(contentsOf: bytes)
    return true
  }

  /// One header line with its end; a status line begins a new set (after a 100).
  func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.headerBytesMax else {
      isTooLarge = true
      return false
    }
    let text = unsafe String(decoding: line, as: UTF8.self)
    if text.hasPrefix("HTTP/") {
      headers.removeAll(keepingCapacity: true)
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...]
      headers[text[..<colon].lowercased()] = String(
        value.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
    return true
  }

  var mustAbort: Bool { stop.isAsked && clock.now() >= stop.abortAt }
}
