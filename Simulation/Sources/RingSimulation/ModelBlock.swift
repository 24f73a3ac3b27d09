/// A block of events as it was handed to the ring.
struct ModelBlock {
  /// Index of its first event in the model's log: its sequence - 1.
  let first: Int
  let count: Int
  let intake: Int
  let ticket: UInt64

  var end: Int { first + count }
}
