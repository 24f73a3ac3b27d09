/// A block of events as it was handed to the ring.
struct ModelBlock {
  /// Index of its first event in the model's book.
  let first: Int
  let count: Int
  let intake: Int
  let ticket: UInt64

  var end: Int { first + count }
}
