/// What became of one event at its consumer. Only these end the duty to deliver it.
package enum ItemOutcome: UInt8, Sendable {
  /// Its own bulk item said 2xx (or the archive has it, fsynced).
  case delivered
  /// Its own bulk item said 409: these bytes are there already.
  case duplicate
  /// Written, fsynced, to the dead letters.
  case deadLettered
}
