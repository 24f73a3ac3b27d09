/// Email addresses, and passwords in front of a host name.
extension SecretScanner {
  /// What stands around an "@".
  mutating func address(_ sign: Int) -> Finding? {
    let reach = max(floor, addressFloor, sign - 320)
    addressFloor = sign + 1
    if let credentials = urlCredentials(sign, reach) { return credentials }
    var start = sign
    while start > reach, Self.isLocalPart(text[start - 1]) { start -= 1 }
    while start < sign, !ByteClass.isWord(text[start]) { start += 1 }
    guard start < sign, let end = domainEnd(sign + 1) else { return nil }
    // "git@github.com:team/repository" is a place, not a person.
    if sign - start == 3, text.has("git", at: start),
      text[end] == UInt8(ascii: ":")
        || text[start - 1] == UInt8(ascii: "/")
    {
      return nil
    }
    return Finding(start, end, .email)
  }

  /// "secret" of "scheme://user:secret@host", or a long "secret" alone before the "@".
  private func urlCredentials(_ sign: Int, _ reach: Int) -> Finding? {
    var start = sign
    var colon: Int?
    while start > reach, Self.isUserInfo(text[start - 1]) {
      start -= 1
      if text[start] == UInt8(ascii: ":") { colon = start }
    }
    guard start - 3 >= 0, text.has("://", at: start - 3) else { return nil }
    if let colon { return colon + 1 < sign ? Finding(colon + 1, sign, .secret) : nil }
    return sign - start >= 16 ? Finding(start, sign, .secret) : nil
  }

  /// The end of a host name with a top-level domain, or of an address in brackets.
  private func domainEnd(_ start: Int) -> Int? {
    if text[start] == UInt8(ascii: "[") {
      let end = text.end(from: start + 1, limit: 64) {
        ByteClass.isHex($0) || ByteClass.isOne($0, of: ".:IPvip")
      }
      return end - start > 4 && text[end] == UInt8(ascii: "]") ? end + 1 : nil
    }
    var best: Int?
    var label = start
    var labels = 0
    while label - start < 255 {
      let end = text.end(from: label, limit: 64) {
        ByteClass.isAlnum($0) || $0 == UInt8(ascii: "-") || $0 >= ByteClass.letter
      }
      guard end > label, text[label] != UInt8(ascii: "-") else { break }
      labels += 1
      // Characters of other scripts: the words around an address, or a name such as "例え.jp".
      let own = text.end(from: label, limit: end - label) { $0 != ByteClass.other }
      // A host name may end in a dash of the sentence around it.
      let trimmed = own > label && text[own - 1] == UInt8(ascii: "-") ? own - 1 : own
      if labels > 1, isTopLevel(label, trimmed) { best = trimmed }
      guard text[end] == UInt8(ascii: "."), own == end || best == nil else { break }
      label = end + 1
    }
    return best
  }

  /// Letters only (or punycode), and no file's ending: "main.swift" is no host.
  private func isTopLevel(_ start: Int, _ end: Int) -> Bool {
    if text.has("xn--", at: start) { return end - start > 4 }
    guard end - start >= 2, end - start <= 24, !ByteClass.isWord(text[end]) else { return false }
    for at in start..<end where !(ByteClass.isAlpha(text[at]) || text[at] == ByteClass.letter) {
      return false
    }
    let endings: [StaticString] = ["swift", "json", "yaml", "yml", "js", "ts", "log", "txt", "exe"]
    return !endings.contains { $0.utf8CodeUnitCount == end - start && text.has($0, at: start) }
  }

  private static func isLocalPart(_ byte: UInt8) -> Bool {
    ByteClass.isWord(byte) || ByteClass.isOne(byte, of: ".%+-'&!#$*~")
  }

  private static func isUserInfo(_ byte: UInt8) -> Bool {
    byte > 0x20 && !ByteClass.isOne(byte, of: "/\"'<>@\\") && byte != ByteClass.other
  }
}
