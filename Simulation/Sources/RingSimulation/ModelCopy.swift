/// A copy of an event that the ring has written further on.
struct ModelCopy {
  let sequence: UInt64
  /// The opening after which it counts for nothing, because an earlier one is delivered again; 0: it counts.
  var voidedIn: UInt32 = 0

  var isVoid: Bool { voidedIn != 0 }
}
