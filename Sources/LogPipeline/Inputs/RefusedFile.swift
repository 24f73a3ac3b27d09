/// The file behind ``RefusedLog``: capped, moved aside once, never synced. Confined to the log's thread.
final class RefusedFile: @unchecked Sendable {
  // @unchecked Sendable: made by the opener, then touched by the log's thread only.
  private let path: String
  private let capBytes: UInt64
  private var file: FileDescriptor?
  private var sizeBytes: UInt64 = 0
  private var isFailureSaid = false
  /// After a failure: how large the file was before it. What is behind that is a torn line.
  private var wholeBytes: UInt64?
  /// How much of a frame is kept.
  private static let frameBytesMax = 64 << 10

  init(path: String, capBytes: UInt64) {
    self.path = path
    self.capBytes = capBytes
    // Events are taken in without it too.
    do throws(SystemError) { try open() } catch { sayFailure(error) }
  }

  /// - Returns: whether the line is in the file.
  func append(_ refusal: Refusal, _ source: SourceContext, _ wallMilliseconds: Int64) -> Bool {
    var line = Array(Self.line(refusal, source, wallMilliseconds).utf8)
    do throws(SystemError) {
      if sizeBytes > 0, sizeBytes + UInt64(line.count) > capBytes { try rotate() }
      if file == nil { try open() }
      if let wholeBytes, sizeBytes > wholeBytes { line.insert(UInt8(ascii: "\n"), at: 0) }
      try file?.write(line)
      sizeBytes += UInt64(line.count)
      (isFailureSaid, wholeBytes) = (false, nil)
      return true
    } catch {
      if file != nil, wholeBytes == nil { wholeBytes = sizeBytes }
      file = nil
      sayFailure(error)
      return false
    }
  }

  private func sayFailure(_ error: SystemError) {
    if !isFailureSaid {
      Log.error(
        "The list of refused frames can not be written; they are counted, but not listed. Free space or repair the folder.",
        ("path", path), ("cause", "\(error)"))
    }
    isFailureSaid = true
  }

  private func open() throws(SystemError) {
    let opened = try FileDescriptor(opening: path, .write, create: true, append: true)
    sizeBytes = try opened.status().sizeBytes
    file = consume opened
  }

  private func rotate() throws(SystemError) {
    file = nil
    try FileSystem.rename(path, to: "\(path).1")
    try open()
  }

  private static func line(
    _ refusal: Refusal, _ source: SourceContext, _ wallMilliseconds: Int64
  ) -> String {
    let fields: [(String, String)] = [
      ("at", JsonValue.quoted(UtcTime(milliseconds: wallMilliseconds).text)),
      ("input", JsonValue.quoted(source.input.rawValue)),
      ("peer", JsonValue.quoted(source.peer)),
      ("frame", "\(refusal.frame)"),
      ("reason", JsonValue.quoted(refusal.reason.rawValue)),
      ("message", JsonValue.quoted(refusal.message)),
      (
        "bytes",
        JsonValue.quoted(
          String(decoding: refusal.scrubbed.prefix(frameBytesMax), as: UTF8.self))
      ),
    ]
    // Where the line of a followed file begins.
    let place = refusal.offsetBytes.map { [("offset", "\($0)")] } ?? []
    return "{" + (fields + place).map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n"
  }
}
