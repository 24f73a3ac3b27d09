/// What an event came to with one consumer, and where in the log it did: there a cursor counts it.
struct ModelEnd {
  /// 0: it waits. 1 to 3: as the consumer said.
  var outcome: UInt8 = 0
  var sequence: UInt64 = 0

  static let outcomesMax = 5
  /// Lost to damage, or dropped.
  static let lost: UInt8 = 4
  /// None of this consumer's: it was taken in before it joined.
  static let foreign: UInt8 = 9

  var isOpen: Bool { outcome == 0 }
}
