/// Why the ring can not be opened. None of these loses an event: nothing was taken in yet.
package enum RingError: Error, Equatable, CustomStringConvertible {
  case sizeTooSmall(givenBytes: UInt64, minimumBytes: UInt64)
  case badConsumerNames([String])
  case cannotReserve(path: String, neededBytes: UInt64, freeBytes: UInt64)
  case lockedByAnother(path: String)
  case volatileDisk(path: String)
  case notARing(path: String)
  case otherVersion(path: String, found: UInt32, known: UInt32)
  case damagedSuperblocks(path: String)
  case sizeDiffers(path: String, foundBytes: UInt64, configuredBytes: UInt64)
  case unknownConsumer(path: String, wanted: String, found: String)
  case system(path: String, SystemError)

  /// Whether waiting and trying again can help.
  package var isTransient: Bool {
    switch self {
    case .lockedByAnother, .cannotReserve: true
    default: false
    }
  }

  package var description: String {
    switch self {
    case .sizeTooSmall(let givenBytes, let minimumBytes):
      """
      ring.size is \(givenBytes) bytes, but at least \(minimumBytes) are needed. Nothing was \
      created. Raise ring.size in the configuration.
      """
    case .badConsumerNames(let names):
      """
      A ring has 1 to 8 consumers with different names of 1 to 16 bytes, not \(names). Nothing was \
      opened. Change the names.
      """
    case .cannotReserve(let path, let neededBytes, let freeBytes):
      """
      The ring at \(path) needs \(neededBytes) bytes but only \(freeBytes) are free. No event was \
      taken in, so none was lost. Free space on that disk, or lower ring.size in the configuration.
      """
    case .lockedByAnother(let path):
      """
      The ring at \(path) is in use by another process. Nothing was touched. Stop the other agent \
      (fuser \(path) names it), or give this one its own agent.state_dir.
      """
    case .volatileDisk(let path):
      """
      The ring at \(path) would lie on a file system in memory, which forgets everything at power \
      loss. Nothing was created. Put agent.state_dir on a real disk.
      """
    case .notARing(let path):
      """
      The file at \(path) is no ring: neither superblock has its mark. It was not touched. Move it \
      away, or point agent.state_dir elsewhere.
      """
    case .otherVersion(let path, let found, let known):
      """
      The ring at \(path) has format version \(found); this program knows \(known). It was not \
      touched. Deliver its events with the program that wrote it, then start this one.
      """
    case .damagedSuperblocks(let path):
      """
      Both superblocks of the ring at \(path) are damaged. The file was not touched, and its events \
      may still be whole. Keep a copy of the file, then move it away to start with an empty ring.
      """
    case .sizeDiffers(let path, let foundBytes, let configuredBytes):
      """
      The ring at \(path) has \(foundBytes) bytes but ring.size says \(configuredBytes). It was not \
      touched. Set ring.size to \(foundBytes); or, once its events are delivered, stop the agent, \
      move the file away, and a new one is made.
      """
    case .unknownConsumer(let path, let wanted, let found):
      """
      The ring at \(path) is delivered to \(found), not to \(wanted). It was not touched. Deliver \
      what it holds as before, or move the file away to start with an empty ring.
      """
    case .system(let path, let cause):
      """
      The ring at \(path) can not be opened (\(cause)). No event was taken in. Repair that disk or \
      its permissions, then start again.
      """
    }
  }
}
