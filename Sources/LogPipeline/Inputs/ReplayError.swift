/// Why a file could not be replayed, or its checkpoint not kept. The other files go on.
package enum ReplayError: Error, Equatable, CustomStringConvertible {
  case locked(path: String)
  case cannotUseFolder(folder: String, SystemError)
  case cannotLook(path: String, SystemError)
  case cannotSave(path: String, checkpoint: String, SystemError)

  package var description: String {
    switch self {
    case .locked(let path):
      "\(path) is being replayed by another process. Nothing of it was read here. Wait for that one to end; "
        + "running the same command again is safe then."
    case .cannotUseFolder(let folder, let error):
      "The folder for checkpoints, \(folder), can not be used (\(SystemError.text(of: error.code))). Nothing was "
        + "read. Check agent.state_dir and its permissions."
    case .cannotLook(let path, let error):
      "\(path) can not be read (\(SystemError.text(of: error.code))). Nothing of it was read; the other files go on."
    case .cannotSave(let path, let checkpoint, let error):
      "How far \(path) is replayed could not be saved to \(checkpoint) (\(SystemError.text(of: error.code))). "
        + "Replay goes on and tries again; stopped now, it would go back to the place saved before, doubling nothing."
    }
  }
}
