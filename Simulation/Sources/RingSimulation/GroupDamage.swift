/// Which parts of a group are not what was written there.
struct GroupDamage {
  var isHeaderBad = false
  var areTablesBad = false
  /// Sequences of the blocks whose own bytes are bad.
  var blocks: [Range<UInt64>] = []

  var isReadable: Bool { !isHeaderBad && !areTablesBad }
  var isNone: Bool { isReadable && blocks.isEmpty }
}
