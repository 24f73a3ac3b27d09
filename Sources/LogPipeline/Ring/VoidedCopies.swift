/// What one opening did to the copies that an earlier life of the ring had made.
///
/// A copy takes over from its origin when the cursor has passed the origin. At an opening the origins from the durable
/// cursor on are delivered again, so their copies, all before the head of then, are void: passed over, counted nowhere.
package struct VoidedCopies: Equatable, Sendable {
  package static let bytes = 16
  /// The primary consumer's, at that opening.
  package let cursorSequence: UInt64
  /// The first sequence given after that opening.
  package let headSequence: UInt64

  package init(cursorSequence: UInt64, headSequence: UInt64) {
    self.cursorSequence = cursorSequence
    self.headSequence = headSequence
  }

  /// - Parameter openings: ascending. The first opening after the copy was written decides.
  package static func isVoid(
    copy sequence: UInt64, of origin: UInt64, after openings: [VoidedCopies]
  ) -> Bool {
    guard let first = openings.first(where: { $0.headSequence > sequence }) else { return false }
    return origin >= first.cursorSequence
  }
}
