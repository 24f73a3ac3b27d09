/// Tells from a connection's first bytes whether somebody speaks another protocol to the JSON lines port.
enum ProtocolSniffer {
  enum Verdict: Equatable {
    case jsonLines
    case other(Stranger)
    /// Could still become one of the others.
    case undecided
  }
  enum Stranger: String, CaseIterable {
    case http = "HTTP"
    case tls = "TLS"
    case beats = "Beats"
  }

  /// No more bytes than these are needed.
  static let bytesMax = 8
  private static let httpStarts = [
    "POST ", "GET ", "PUT ", "HEAD ", "DELETE ", "PATCH ", "OPTIONS ", "CONNECT ", "PRI * ",
  ].map { Array($0.utf8) }
  private static let tlsStart: [UInt8] = [0x16, 0x03]
  /// Version 1 or 2, then the kind of frame: window, JSON, compressed, data.
  private static let beatsStarts = ["2W", "2J", "2C", "2D", "1W", "1J", "1C", "1D"].map {
    Array($0.utf8)
  }

  static func judge(_ bytes: [UInt8]) -> Verdict {
    var couldBecome = false
    func matches(_ start: [UInt8]) -> Bool {
      if bytes.starts(with: start) { return true }
      if start.starts(with: bytes) { couldBecome = true }
      return false
    }
    if httpStarts.contains(where: matches) { return .other(.http) }
    if matches(tlsStart) { return .other(.tls) }
    if beatsStarts.contains(where: matches) { return .other(.beats) }
    return couldBecome ? .undecided : .jsonLines
  }
}
