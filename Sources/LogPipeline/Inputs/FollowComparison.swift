/// Compares a content that is read from its beginning with what is known of others.
final class FollowComparison {
  struct Candidate: Equatable {
    let id: Int
    let mark: FollowMark
    let window: FollowPlace
  }

  /// Zeros at the beginning.
  private(set) var baseBytes: UInt64 = 0
  private(set) var head: [UInt8] = []
  private(set) var offsetBytes: UInt64 = 0
  /// Nothing came any more.
  private(set) var isAtEnd = false
  private(set) var hasCandidates = false
  /// The furthest place of a known content that this one goes through.
  private(set) var best: Candidate?
  /// Those whose place was not reached, the nearest first.
  private var candidates: [Candidate] = []
  private var tail: [UInt8] = []
  /// Of the bytes that came before there were candidates: those are few.
  private var early: [UInt8] = []

  /// As much of the beginning was read as contents are known by.
  var hasHead: Bool { head.count == FollowMark.headBytesMax }
  /// More bytes can not change what was found.
  var isDecided: Bool { hasCandidates && candidates.isEmpty }

  /// The next bytes; none at the end.
  func pass(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return isAtEnd = true }
    var rest = unsafe bytes
    if offsetBytes == baseBytes {
      let zeros = unsafe rest.prefix { $0 == 0 }.count
      baseBytes += UInt64(zeros)
      offsetBytes += UInt64(zeros)
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[zeros...])
    }
    unsafe head += rest.prefix(FollowMark.headBytesMax - head.count)
    if hasCandidates {
      unsafe advance(rest)
    } else {
      unsafe early += rest
      offsetBytes += UInt64(rest.count)
    }
  }

  /// Those that begin as this content does are looked at when their place comes.
  func choose(_ all: [Candidate]) {
    hasCandidates = true
    candidates = all.filter { one in
      one.mark.headBytes > 0 && one.mark.baseBytes == baseBytes
        && one.mark.headBytes <= head.count
        && FollowMark.hash(head.prefix(one.mark.headBytes)) == one.mark.headHash
    }.sorted { $0.mark.offsetBytes < $1.mark.offsetBytes }
    offsetBytes = baseBytes
    let bytes = early
    early = []
    unsafe bytes.withUnsafeBytes { unsafe advance($0) }
  }

  private func advance(_ bytes: UnsafeRawBufferPointer) {
    let end = offsetBytes + UInt64(bytes.count)
    while let next = candidates.first, next.mark.offsetBytes <= end {
      candidates.removeFirst()
      let count = Int(next.mark.offsetBytes - offsetBytes)
      let before = unsafe (tail + bytes.prefix(count)).suffix(next.mark.tailBytes)
      if before.count == next.mark.tailBytes, FollowMark.hash(before) == next.mark.tailHash {
        best = next
      }
    }
    tail = unsafe Array(
      (tail + bytes.suffix(FollowMark.tailBytesMax)).suffix(FollowMark.tailBytesMax))
    offsetBytes = end
  }
}
