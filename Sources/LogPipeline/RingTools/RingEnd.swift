/// Where the log ends, found without changing anything.
struct RingEnd {
  var anchor: RingAnchor
  var burns: [BurnedRange]
  var refused: UInt64
  /// The oldest place that a header knows to be needed; beyond the superblock's own when that one is old.
  var tailPosition: UInt64
  /// As opening would judge it; nil while an agent writes there.
  var report: RecoveryReport?

  /// As the agent would find it at its next start.
  static func judged(_ superblock: Superblock, of view: RingView) throws(RingToolError) -> RingEnd {
    var recovery = RingRecovery(superblock: superblock)
    while case .bytes(let position, let count) = recovery.need {
      let offset = RingLayout.dataStart + position % superblock.dataSize
      do throws(SystemError) {
        recovery.take(try view.disk.bytes(at: offset, count: count))
      } catch {
        guard view.disk.isReadable else { throw .cannotRead(path: view.path, error) }
        recovery.take(
          recovery.isLookingAhead ? view.disk.readableBytes(at: offset, count: count) : nil)
      }
    }
    let result = recovery.result
    return RingEnd(
      anchor: result.end, burns: result.burns, refused: result.refused,
      tailPosition: result.tailPosition, report: result.report)
  }

  /// How far whole groups follow the newest superblock: quick, and sure where an agent writes at the same time.
  static func seen(_ superblock: Superblock, of view: RingView) -> RingEnd {
    var end = RingEnd(
      anchor: superblock.hint, burns: superblock.burns, refused: superblock.refused,
      tailPosition: superblock.tail.position)
    if superblock.flags & Superblock.flagClosedCleanly != 0 { return end }
    /// Starts of the groups passed, for a burned range that begins at one of them.
    var starts: [RingAnchor] = []
    let (fileId, dataSize) = (superblock.fileId, superblock.dataSize)
    while end.anchor.position < superblock.tail.position + dataSize,
      case .success(let header) = RingWalk.header(
        at: end.anchor.position, fileId: fileId, dataSize: dataSize, of: view),
      header.openNumber == superblock.openNumber, header.group >= end.anchor.group
    {
      if header.flags.contains(.burn), header.previousChain != end.anchor.chain {
        guard let start = starts.last(where: { $0.position == header.burnFrom }),
          start.chain == header.previousChain
        else { return end }
        end.burns.append(
          BurnedRange(
            fromPosition: header.burnFrom, toPosition: header.position, toGroup: header.group))
        end.anchor = start
        (end.anchor.position, end.anchor.group) = (header.position, header.group)
      }
      guard header.group == end.anchor.group, header.previousChain == end.anchor.chain,
        header.flags.contains(.skip)
          || GroupCheck(header, superblock, of: view).faults(inflates: false).isEmpty
      else { return end }
      starts.append(end.anchor)
      if starts.count > 4096 { starts.removeFirst(2048) }
      end.refused = max(end.refused, header.refusedTotal)
      end.anchor = header.end
    }
    return end
  }
}
