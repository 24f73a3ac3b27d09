/// Why a tool can not work on a ring. None of these changed the ring.
package enum RingToolError: Error, Equatable, CustomStringConvertible {
  case notThere(path: String)
  case cannotOpen(path: String, SystemError)
  case inUse(path: String)
  case notARing(path: String)
  case otherVersion(path: String, found: UInt32, known: UInt32)
  case damagedSuperblocks(path: String)
  case cannotRead(path: String, SystemError)
  case exportExists(path: String)
  case exportName(path: String, day: String)
  case cannotWrite(path: String, SystemError)
  case tooSmall(path: String, givenBytes: UInt64, leastBytes: UInt64, eventsWaiting: UInt64)
  case noRoom(path: String, neededBytes: UInt64, freeBytes: UInt64)
  case damagedRing(path: String, faults: UInt64)
  case staleSuperblock(path: String)
  case copyDiffers(path: String, reason: String)

  package var description: String {
    switch self {
    case .notThere(let path):
      """
      There is no ring at \(path). Nothing was done. A ring is made at the first start of the agent; \
      name another with --file, or its configuration with --config.
      """
    case .cannotOpen(let path, let cause):
      "The ring at \(path) can not be opened (\(SystemError.text(of: cause.code))). It was not touched. "
        + "Run this as the user the agent runs as."
    case .inUse(let path):
      """
      The ring at \(path) is in use by a running agent. Nothing was done. Stop that agent first; \
      sheepshipper ring status and ring verify also work while it runs.
      """
    case .notARing(let path):
      """
      The file at \(path) is no ring: neither superblock has its mark. It was not touched. Name the \
      ring's own file with --file.
      """
    case .otherVersion(let path, let found, let known):
      """
      The ring at \(path) has format version \(found); this program knows \(known). It was not \
      touched. Use the program that wrote it.
      """
    case .damagedSuperblocks(let path):
      """
      Both superblocks of the ring at \(path) are damaged, so nobody can say where its log lies. The \
      file was not touched, and its events may still be whole. Keep a copy of it before anything else.
      """
    case .cannotRead(let path, let cause):
      """
      The ring at \(path) can not be read (\(cause)). It was not touched. Repair that disk or its \
      connection, then try again.
      """
    default: writingDescription
    }
  }

  private var writingDescription: String {
    switch self {
    case .exportExists(let path):
      "There is a file at \(path) already. It was not touched, and nothing was exported. Name a new one."
    case .exportName(let path, let day):
      """
      \(path) is named like the archive's file of \(day): a replay would put all its events into that \
      day's index. Nothing was exported. Give it a name that does not end in a date.
      """
    case .cannotWrite(let path, let cause):
      """
      \(path) can not be written (\(SystemError.text(of: cause.code))). The ring is as it was, and \
      nothing was put in place. Free space on that disk or name another, then do it again.
      """
    case .tooSmall(let path, let givenBytes, let leastBytes, let eventsWaiting):
      """
      The ring at \(path) holds \(TextAmount.count(eventsWaiting)) events that wait; they do not fit \
      into \(TextAmount.bytes(givenBytes)). It was not changed. The least size that works now is \
      \(leastBytes >> 20)MiB; it shrinks as events are delivered.
      """
    case .noRoom(let path, let neededBytes, let freeBytes):
      """
      The new ring beside \(path) needs \(neededBytes) bytes but only \(freeBytes) are free; the old \
      one stays until the new one is whole. Nothing was changed. Free space on that disk.
      """
    case .damagedRing(let path, let faults):
      """
      The ring at \(path) is damaged (\(faults) \(faults == 1 ? "fault" : "faults"); sheepshipper ring \
      verify names them). It was not changed. Start the agent once: it counts what is lost as \
      quarantined and delivers the rest. Then resize.
      """
    case .staleSuperblock(let path):
      """
      The newest superblock of the ring at \(path) is gone, and what is left is older than its log. It \
      was not changed. Start and stop the agent once, which repairs it. Then resize.
      """
    case .copyDiffers(let path, let reason):
      """
      The new ring beside \(path) did not come out equal (\(reason)). The old one is in place, \
      unchanged, and the new one was removed. Check that disk; keep the old ring as it is.
      """
    default: ""
    }
  }
}
