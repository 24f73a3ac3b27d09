import CXxhash

/// What a client has said of its stream when it opened it.
struct WebSocketOpening: Equatable {
  /// Who sends, in the client's own words: names a sequence of messages across connections.
  let sender: String?
  /// The sequence of the first message that comes; nil: the client leaves it to us.
  let from: UInt64?
  /// The answer to its key.
  let accept: String

  /// JavaScript counts exactly to there.
  static let sequenceMax: UInt64 = 1 << 53 - 1
  static let senderBytesMax = 128

  /// Whether a message that is sent again can be known by its place: only if the client itself counts.
  var isPlaceKnown: Bool { sender != nil && from != nil }

  /// Names the place of a message among all that were ever sent, for the ids of events without a time of their own.
  func place(ofMessage sequence: UInt64, team: String?) -> UInt64? {
    guard isPlaceKnown, let sender else { return nil }
    let text = Array("\(team ?? "")\n\(sender)\n\(sequence)".utf8)
    return unsafe text.withUnsafeBytes { unsafe cxxhash_128($0.baseAddress, $0.count, 0).low64 }
  }
}
