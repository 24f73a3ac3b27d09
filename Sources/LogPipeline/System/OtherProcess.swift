/// A running process, as far as /proc tells this user of it.
package struct OtherProcess: Equatable, Sendable, CustomStringConvertible {
  package let id: Int32
  /// The program's name, 15 bytes at the most.
  package let name: String

  package init(id: Int32, name: String) { (self.id, self.name) = (id, name) }

  package var description: String { "\(name) (process \(id))" }

  /// Those that have this socket open. Only root sees into the processes of other users.
  package static func holders(ofSocket inode: UInt64) -> [OtherProcess] {
    processes { path in (try? FileSystem.linkTarget(of: path)) == "socket:[\(inode)]" }
  }

  /// Those that have the file at `path` open.
  package static func holders(ofFile path: String) -> [OtherProcess] {
    guard let file = try? FileSystem.status(of: path) else { return [] }
    return processes { path in
      guard let found = try? FileSystem.status(of: path) else { return false }
      return (found.device, found.inode) == (file.device, file.inode)
    }
  }

  private static func processes(where matches: (String) -> Bool) -> [OtherProcess] {
    let ids = ((try? FileSystem.names(in: "/proc")) ?? []).compactMap { Int32($0) }
    return ids.compactMap { id in
      guard id != Environment.processId else { return nil }
      let folder = "/proc/\(id)/fd"
      let descriptors = (try? FileSystem.names(in: folder)) ?? []
      return descriptors.contains { matches("\(folder)/\($0)") } ? OtherProcess(running: id) : nil
    }
  }

  private init(running id: Int32) {
    let name = (try? FileSystem.read("/proc/\(id)/comm", limitBytes: 1 << 10)) ?? []
    self.init(
      id: id, name: String(decoding: name.filter { $0 >= 0x20 }, as: UTF8.self))
  }
}
