/// A mounted file system, as /proc/self/mountinfo tells of it.
package struct Mount: Equatable, Sendable {
  /// The kernel's number of the mount.
  package let id: UInt64
  /// Of the device, "254:0"; of file systems without one, such as btrfs and NFS, a made-up number.
  package let device: String
  package let point: String
  /// "ext4", "btrfs", "fuse.sshfs", "nfs4".
  package let fileSystem: String
  /// What is mounted: "/dev/vda", "server:/export", or a word.
  package let source: String
  /// Of the mount and of the file system behind it.
  package let options: [String]

  package init(
    id: UInt64, device: String, point: String, fileSystem: String, source: String,
    options: [String]
  ) {
    (self.id, self.device, self.point) = (id, device, point)
    (self.fileSystem, self.source, self.options) = (fileSystem, source, options)
  }

  /// One line each: `36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/sda1 rw,errors=continue`. What reads
  /// otherwise is left out.
  package static func parse(_ text: String) -> [Mount] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: false)
      // Between the sixth field and the dash stand none or some that nothing here needs.
      guard fields.count > 6, let id = UInt64(fields[0]),
        let dash = fields[6...].firstIndex(of: "-"), fields.count > dash + 2
      else { return nil }
      let more = fields.count > dash + 3 ? fields[dash + 3].split(separator: ",") : []
      return Mount(
        id: id, device: String(fields[2]), point: unescaped(fields[4]),
        fileSystem: unescaped(fields[dash + 1]), source: unescaped(fields[dash + 2]),
        options: (fields[5].split(separator: ",") + more).map(unescaped))
    }
  }

  /// The `mnt_id` of a text from /proc/self/fdinfo.
  package static func id(inDescriptorInfo text: String) -> UInt64? {
    let line = text.split(separator: "\n").first { $0.hasPrefix("mnt_id:") }
    return line.flatMap { UInt64($0.dropFirst(7).drop { $0 == " " || $0 == "\t" }) }
  }

  /// Space, tab, line end and backslash stand there as \040 and so on.
  private static func unescaped(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), rest.count >= 3,
        let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
