/// What the process that is killed tells its parent: a line for each commit.
struct CrashTestOutput {
  /// Of all events up to this one the ring has said that they are safe; nil: of none.
  private(set) var lastAcknowledged: UInt64?
  /// How long each commit's fdatasync took.
  private(set) var syncs: [Duration] = []

  static func acknowledged(_ event: UInt64, sync: Duration) -> String {
    "acknowledged \(event) \(sync.nanoseconds)"
  }

  /// A line without its end was cut by the kill, and says nothing.
  init(_ output: [UInt8]) {
    let text = String(decoding: output, as: UTF8.self)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "acknowledged", let event = UInt64(words[1]),
        let sync = Int64(words[2])
      else { continue }
      lastAcknowledged = event
      syncs.append(.nanoseconds(sync))
    }
  }
}
