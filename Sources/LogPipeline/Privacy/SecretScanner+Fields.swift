/// Values of parameters that are secret by their name: "?key=…", "password: …", "\"api_key\": \"…\"".
extension SecretScanner {
  /// Secret wherever they stand, as the end of a name from which "_" and "-" were left out.
  private static let secretNames: [StaticString] = [
    "password", "passwd", "pwd", "passphrase", "secret", "apikey", "accesskey", "secretkey",
    "privatekey", "accesskeyid", "accesstoken", "authtoken", "refreshtoken", "sessiontoken",
    "bearertoken", "authorization",
  ]
  /// Secret as a parameter of a URL; elsewhere too common as words.
  private static let urlNames: [StaticString] = [
    "key", "token", "sig", "signature", "auth", "credential", "xamzsignature", "xamzcredential",
    "xamzsecuritytoken", "xgoogsignature", "xgoogcredential", "idtoken", "subscriptionkey",
    "clientkey",
  ]
  private static let nameMax = 40

  /// What follows "=" or ":".
  func field(_ sign: Int) -> Finding? {
    let isColon = text[sign] == UInt8(ascii: ":")
    guard let name = FieldName(text, endingAt: sign, floor: floor, maxBytes: Self.nameMax) else {
      return nil
    }
    let isSecret = Self.secretNames.contains { name.ends(with: $0) }
    let isInUrl = !isColon && name.isUrlParameter && Self.urlNames.contains { name.equals($0) }
    guard isSecret || isInUrl else { return nil }
    return value(sign + 1, isColon: isColon, isAuthorization: name.ends(with: "authorization"))
  }

  private func value(_ from: Int, isColon: Bool, isAuthorization: Bool) -> Finding? {
    var start = text.end(from: from, limit: 4) {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "\t")
    }
    let quote = text[start]
    let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    if isQuoted { start += 1 }
    if isAuthorization { start = afterScheme(start) }
    // No value, or where it is to be found. Looked at before the value's end: "=" is part of values.
    guard !ByteClass.isOne(text[start], of: "=<[{$(") else { return nil }
    let end = text.end(from: start) { isQuoted ? $0 != quote && $0 != 0x0a : Self.isValue($0) }
    guard end > start, !isPlaceholder(start, end) else { return nil }
    // Prose follows a colon too: "password: must be longer". A blank parts words, and words have letters only.
    if isColon || start - from > (isQuoted ? 1 : 0) {
      var hasBlank = false
      var hasNonLetter = false
      for at in start..<end {
        if ByteClass.isBlank(text[at]) { hasBlank = true }
        if !ByteClass.isAlpha(text[at]) { hasNonLetter = true }
      }
      guard !hasBlank, isQuoted || hasNonLetter && end - start >= 6 else { return nil }
    }
    return Finding(start, end, .secret)
  }

  /// Beyond "Bearer " or "Basic ".
  private func afterScheme(_ start: Int) -> Int {
    for scheme in ["bearer ", "basic ", "token ", "digest "] as [StaticString]
    where text.has(scheme, at: start) {
      return start + scheme.utf8CodeUnitCount
    }
    return start
  }

  /// Stars and words that say there is no value, or where it is to be found.
  private func isPlaceholder(_ start: Int, _ end: Int) -> Bool {
    if text.end(from: start, while: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ".") }) >= end {
      return true
    }
    let words: [StaticString] = [
      "none", "null", "nil", "true", "false", "undefined", "empty", "missing", "os.environ",
      "process.env",
    ]
    return words.contains {
      text.has($0, at: start)
        && ($0.utf8CodeUnitCount == end - start
          || !ByteClass.isWord(text[start + $0.utf8CodeUnitCount]))
    }
  }

  private static func isValue(_ byte: UInt8) -> Bool {
    byte > 0x20 && !ByteClass.isOne(byte, of: "&,;\"'<>()[]{}|\\:") && byte != ByteClass.other
  }
}

/// The name before "=" or ":", without "_", "-", "." and quotes, in lower case.
private struct FieldName {
  private var letters: [UInt8] = []
  let isUrlParameter: Bool

  init?(_ text: ScannedText, endingAt sign: Int, floor: Int, maxBytes: Int) {
    var end = sign
    if text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    if text[end - 1] == UInt8(ascii: "\"") || text[end - 1] == UInt8(ascii: "'") { end -= 1 }
    // The letters that the names above end in; all other names are passed over without a copy.
    guard end > floor, ByteClass.isOne(ByteClass.lower(text[end - 1]), of: "deghlnty") else {
      return nil
    }
    var start = end
    while start > max(floor, end - maxBytes),
      ByteClass.isWord(text[start - 1]) || text[start - 1] == UInt8(ascii: "-")
    {
      start -= 1
    }
    for at in start..<end where ByteClass.isAlnum(text[at]) {
      letters.append(ByteClass.lower(text[at]))
    }
    isUrlParameter = ByteClass.isOne(text[start - 1], of: "?&;")
  }

  func equals(_ name: StaticString) -> Bool {
    letters.count == name.utf8CodeUnitCount && ends(with: name)
  }

  func ends(with name: StaticString) -> Bool {
    let offset = letters.count - name.utf8CodeUnitCount
    guard offset >= 0 else { return false }
    for at in 0..<name.utf8CodeUnitCount where unsafe letters[offset + at] != name.utf8Start[at] {
      return false
    }
    return true
  }
}
