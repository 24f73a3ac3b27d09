/// What opening the ring hands to its writer.
package struct RingState: Sendable {
  /// As it lies on disk, in both slots but for the generation.
  package var superblock: Superblock
  /// 0 or 1: where the next one goes.
  package var nextSlot: Int
  /// Where the next group goes; everything before it is durable.
  package var end: RingAnchor
  package var report: RecoveryReport
}
