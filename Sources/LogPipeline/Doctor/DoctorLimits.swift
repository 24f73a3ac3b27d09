/// From where on the doctor calls something wrong, and how long it waits.
package enum DoctorLimits {
  /// For a name, and for a connection.
  static let reach: Duration = .seconds(5)
  /// For an answer of the server, and of the agent.
  static let answer: Duration = .seconds(10)

  /// A clock this far from the server's is worth a word.
  package static let clockWarned: Duration = .seconds(30)
  /// Beyond it signed requests are refused (`inputs.webhook.signed_age_max`), and events without a time get a wrong one.
  package static let clockFailed: Duration = .seconds(300)

  /// A webhook's answer waits for the sync of its events.
  package static let syncWarned: Duration = .milliseconds(50)
  /// Senders give up about now.
  package static let syncFailed: Duration = .seconds(1)
  static let syncRounds = 20
  /// No new round begins after this.
  static let syncTimeMax: Duration = .seconds(3)

  /// Dead letters, refused frames, the archive and the agent's records need some room beside the ring.
  package static let freeBytesWarned: UInt64 = 256 << 20
  /// Below this share of its size free, a ring is nearly full.
  package static let ringFreePercentWarned: UInt64 = 10
}
