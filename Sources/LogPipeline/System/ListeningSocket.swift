/// A TCP port that somebody listens on, as /proc/net/tcp and tcp6 tell of it.
package struct ListeningSocket: Equatable, Sendable {
  /// 4 or 16 bytes; only zeros: all addresses of this machine.
  package let address: [UInt8]
  package let port: UInt16
  /// Of the process that made it.
  package let userId: UInt32
  package let inode: UInt64

  package init(address: [UInt8], port: UInt16, userId: UInt32, inode: UInt64) {
    (self.address, self.port, self.userId, self.inode) = (address, port, userId, inode)
  }

  private static let listenState = "0A"

  /// All of this machine, or of this container.
  package static func all() -> [ListeningSocket] {
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
      parse(String(decoding: (try? FileSystem.read(path)) ?? [], as: UTF8.self))
    }
  }

  /// One line each: `0: 0100007F:1F98 00000000:0000 0A ... uid timeout inode`. What reads otherwise is left out.
  package static func parse(_ text: String) -> [ListeningSocket] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == listenState, let userId = UInt32(fields[7]),
        let inode = UInt64(fields[9])
      else { return nil }
      let place = fields[1].split(separator: ":")
      guard place.count == 2, let port = UInt16(place[1], radix: 16),
        let address = bytes(place[0])
      else { return nil }
      return ListeningSocket(address: address, port: port, userId: userId, inode: inode)
    }
  }

  /// The kernel prints four bytes at a time as a number, so on these machines backwards.
  private static func bytes(_ text: Substring) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count == 8 || digits.count == 32 else { return nil }
    var bytes: [UInt8] = []
    for at in stride(from: 0, to: digits.count, by: 8) {
      guard let word = UInt32(String(decoding: digits[at..<at + 8], as: UTF8.self), radix: 16)
      else { return nil }
      let number = UInt32(littleEndian: word)
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    return bytes
  }

  /// Whether nobody else can listen at `other` while this does.
  package func excludes(_ other: [UInt8]) -> Bool {
    let (mine, theirs) = (Self.plain(address), Self.plain(other))
    return mine == theirs || Self.isAny(mine) || Self.isAny(theirs)
  }

  private static func isAny(_ address: [UInt8]) -> Bool { address.allSatisfy { $0 == 0 } }

  /// An IPv4 address in IPv6's clothes is that IPv4 address.
  private static func plain(_ address: [UInt8]) -> [UInt8] {
    let isMapped =
      address.count == 16 && address[..<10].allSatisfy { $0 == 0 } && address[10] == 0xFF
      && address[11] == 0xFF
    return isMapped ? Array(address[12...]) : address
  }
}
