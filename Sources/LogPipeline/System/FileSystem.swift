import CLinux
import Glibc

/// Calls on paths.
package enum FileSystem {
  /// `followLinks: false` looks at a symbolic link itself.
  package static func status(
    of path: String, followLinks: Bool = true
  ) throws(SystemError) -> FileStatus {
    var found = stat()
    let result = unsafe followLinks ? stat(path, &found) : lstat(path, &found)
    guard result == 0 else { throw .last("stat \(path)") }
    return FileStatus(found)
  }

  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether this process may make files in the folder; nil: it may.
  package static func refusal(toWriteIn folder: String) -> SystemError? {
    unsafe access(folder, W_OK | X_OK) == 0 ? nil : .last("write in \(folder)")
  }

  /// What a symbolic link names.
  package static func linkTarget(of path: String) throws(SystemError) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count >= 0 else { throw .last("readlink \(path)") }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Makes the folder and those above it; one that is there is fine.
  package static func makeDirectories(_ path: String, mode: UInt32 = 0o750) throws(SystemError) {
    var prefix = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      prefix += "/\(part)"
      if unsafe mkdir(prefix, mode) != 0, errno != EEXIST { throw .last("mkdir \(prefix)") }
    }
    let found = try status(of: path)
    guard found.kind == .directory else {
      throw SystemError(code: ENOTDIR, operation: "mkdir \(path)")
    }
  }

  /// Makes what was created or renamed in the folder durable.
  package static func syncDirectory(_ path: String) throws(SystemError) {
    let folder = try FileDescriptor(opening: path, .directory)
    try folder.sync()
  }

  package static func rename(_ old: String, to new: String) throws(SystemError) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw .last("rename \(old) to \(new)") }
  }

  /// A rename that never replaces what is at `new`: false when something is.
  package static func renameIfFree(_ old: String, to new: String) throws(SystemError) -> Bool {
    if unsafe clinux_rename_exclusive(old, new) == 0 { return true }
    let error = SystemError.last("rename \(old) to \(new)")
    switch error.code {
    case EEXIST: return false
    case EINVAL, ENOSYS:
      // This file system knows no such rename: look first, then do it.
      if exists(new) { return false }
      try rename(old, to: new)
      return true
    default: throw error
    }
  }

  package static func remove(_ path: String) throws(SystemError) {
    guard unsafe unlink(path) == 0 else { throw .last("unlink \(path)") }
  }

  package static func removeDirectory(_ path: String) throws(SystemError) {
    guard unsafe rmdir(path) == 0 else { throw .last("rmdir \(path)") }
  }

  /// A new folder below `parent` whose name starts with `prefix`, mode 0700.
  package static func makeTemporaryDirectory(
    in parent: String = temporaryDirectory, prefix: String
  ) throws(SystemError) -> String {
    var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw .last("mkdtemp in \(parent)") }
    template.removeLast()
    return String(decoding: template.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static var temporaryDirectory: String { Environment.value(of: "TMPDIR") ?? "/tmp" }

  /// Replaces `path` by `bytes`, whole or not at all, durably.
  package static func replace(
    _ path: String, with bytes: [UInt8], mode: UInt32 = 0o600
  ) throws(SystemError) {
    let temporary = "\(path).new"
    do {
      let file = try FileDescriptor(
        opening: temporary, .write, create: true, truncate: true, mode: mode)
      try file.write(bytes)
      try file.sync()
    }
    try rename(temporary, to: path)
    try syncDirectory(parent(of: path))
  }

  /// The whole file; refuses one over `limitBytes`.
  package static func read(
    _ path: String, limitBytes: Int = 64 << 20
  ) throws(SystemError) -> [UInt8] {
    let file = try FileDescriptor(opening: path, .read)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var failure: SystemError?
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        do throws(SystemError) { return try unsafe file.read(into: buffer) } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw SystemError(code: failure.code, operation: "read \(path)") }
      if count == 0 { return bytes }
      guard bytes.count + count <= limitBytes else {
        throw SystemError(code: EFBIG, operation: "read \(path) (limit \(limitBytes) bytes)")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// The names in a folder, sorted, without "." and "..".
  package static func names(in path: String) throws(SystemError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .last("opendir \(path)") }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Bytes a file of an unprivileged user could still take on the disk of `path`.
  package static func freeBytes(at path: String) throws(SystemError) -> UInt64 {
    var found = statvfs()
    guard unsafe statvfs(path, &found) == 0 else { throw .last("statvfs \(path)") }
    return UInt64(found.f_bavail) * UInt64(found.f_frsize)
  }

  /// The path without symbolic links.
  package static func realPath(of path: String) throws(SystemError) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard unsafe clinux_real_path(path, &buffer) == 0 else { throw .last("realpath \(path)") }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
