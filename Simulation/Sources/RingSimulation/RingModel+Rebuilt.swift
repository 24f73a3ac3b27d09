import LogPipeline

/// What can still be known once both superblocks are lost: a ring that was made anew from its groups holds everything
/// from the tail on that the newest of them names, whatever had been delivered of it.
extension RingModel {
  func isWhole(_ group: GroupMark) -> Bool {
    oracle.damage(of: group, isOnPlatterToo: false).isReadable
  }

  /// The newest header that is whole may name an older tail than the durable one, never a newer (but of a superblock that
  /// a lying disk lost since: what lies before its tail had come to its end); only where no group is whole may the log
  /// begin later, or where the same events are whole further on too, from a commit that had failed.
  func objectionToRebuilt(tail: UInt64, durable: UInt64, given: Set<UInt64>) -> String? {
    let missed = groups.first {
      let mark = $0.mark
      return mark.position >= durable && mark.position < tail && mark.eventCount > 0
        && mark.lastSequence >= lostBefore && mark.lastSequence <= durableSequence && isWhole(mark)
        && newestGroup(holding: mark.firstSequence)?.number == mark.number
        && !isRetryForgotten(mark, holding: mark.firstSequence)
        && !(mark.firstSequence...mark.lastSequence).allSatisfy { sequence in
          event(at: sequence).map { given.contains(fingerprints[$0]) } ?? true
        }
    }
    return missed.map {
      "a rebuilt ring begins at \(tail), and group #\($0.mark.number) at \($0.mark.position) is whole; \(durable) was the durable tail"
    }
  }

  /// Sequences that the primary must be given when the log begins here: of each acknowledged event the first place from the tail on, if its group
  /// is whole and one that is whole too witnesses that it was durable. (Of what nobody witnesses, a damaged group ends
  /// the log, and what lies behind it can not be told from what was never acknowledged.)
  func sequencesOfRebuilt(from tail: UInt64) -> Set<UInt64> {
    let whole = groups.filter { isWhole($0.mark) }
    let witnessed = min(durableSequence, whole.map(\.durableSequence).max() ?? 0)
    let live = groups.map(\.mark).filter { $0.position >= tail && $0.eventCount > 0 }
    var wanted: Set<UInt64> = []
    for event in 0..<acknowledgedEvents {
      let places = [sequences[event]] + (copies[event] ?? []).map(\.sequence)
      let first = places.first { place in
        live.contains { $0.firstSequence <= place && place <= $0.lastSequence }
      }
      guard let first, first <= witnessed, let group = newestGroup(holding: first),
        group.position >= tail, !isRetryForgotten(group, holding: first)
      else { continue }
      let damage = oracle.damage(of: group, isOnPlatterToo: true)
      if damage.isReadable, !damage.blocks.contains(where: { $0.contains(first) }) {
        wanted.insert(first)
      }
    }
    return wanted
  }

  /// Whether a block is made of events that were offered once, byte for byte.
  func objectionToRebuilt(_ block: StoredBlock) -> String? {
    for (index, item) in block.items.enumerated() {
      let sequence = block.firstSequence + UInt64(index)
      guard item.fingerprint > 0, item.fingerprint <= UInt64(lengthsEver.count),
        item.rawLengthBytes == lengthsEver[Int(item.fingerprint) - 1], item.day == 20_000,
        item.flags == UInt32(item.fingerprint & 7)
      else { return "event \(sequence) of the rebuilt ring was never offered" }
    }
    let prints = block.items.map(\.fingerprint)
    let sizes = block.items.map(\.rawLengthBytes)
    return block.rawBytes == EventBytes.block(prints[...], sizes[...])
      ? nil : "block \(block.id) of the rebuilt ring has other bytes than were offered"
  }

  /// Of all that a consumer was given: each event at most once for itself and once for each copy that was ever made.
  func objectionToRebuilt(_ given: [UInt64]) -> String? {
    var times: [UInt64: Int] = [:]
    for fingerprint in given {
      let time = times[fingerprint, default: 0] + 1
      times[fingerprint] = time
      if time > 1 + copiesEver[fingerprint, default: 0] {
        return "a rebuilt ring gives event \(fingerprint) \(time) times"
      }
    }
    return nil
  }
}
