/// API keys by their prefixes, tokens, and private keys.
extension SecretScanner {
  /// Behind these only what looks much like a key is one: they start names, too.
  private static let dashedPrefixes: [StaticString] = [
    "glpat", "xai", "pplx", "xapp", "nvapi", "csk", "tvly", "gocspx",
  ]
  private static let underscoredPrefixes: [StaticString] = [
    "hs", "gsk", "ghp", "gho", "ghu", "ghs", "ghr", "github_pat", "hf", "npm", "r8", "fw", "jina",
    "lsv2_pt", "lsv2_sk", "sk_live", "sk_test", "rk_live", "rk_test",
  ]
  /// Their last letters, and that of "whsec".
  private static let underscoredEnds = Array("skpourtfm8waec".utf8)

  /// "sk-…", "hsa-…", "xoxb-…" and others, at the dash that ends the prefix.
  func dashedKey(_ dash: Int) -> Finding? {
    // The letters that the prefixes end in, or for Slack's the last but one: most dashes are told by this.
    guard
      ByteClass.isOne(ByteClass.lower(text[dash - 1]), of: "katipxy")
        || text[dash - 2] | 0x20 == UInt8(ascii: "x")
    else { return nil }
    if let start = prefix("sk", endingAt: dash) ?? prefix("hsa", endingAt: dash) {
      // "sk-ssh-ed25519" is a kind of OpenSSH's keys.
      if text.has("ssh-", at: dash + 1) || text.has("ecdsa-", at: dash + 1) { return nil }
      let body = KeyBody(text, from: dash + 1)
      return body.isLikelyShortKey ? Finding(start, body.end, .apiKey) : nil
    }
    if let start = prefix(Self.dashedPrefixes, endingAt: dash) {
      let body = KeyBody(text, from: dash + 1)
      return body.isLikelyKey ? Finding(start, body.end, .apiKey) : nil
    }
    // Slack: xoxb-, xoxp-, xoxa-, xoxr-, xoxs- …
    if text.has("xox", at: dash - 4), ByteClass.isAlpha(text[dash - 1]), isEdge(before: dash - 4) {
      let body = KeyBody(text, from: dash + 1)
      return body.length >= 10 ? Finding(dash - 4, body.end, .apiKey) : nil
    }
    return nil
  }

  /// "gsk_…", "ghp_…", "hs_…" and others, at the underscore that ends the prefix.
  func underscoredKey(_ underscore: Int) -> Finding? {
    guard Self.underscoredEnds.contains(ByteClass.lower(text[underscore - 1])) else { return nil }
    guard let start = prefix(Self.underscoredPrefixes, endingAt: underscore) else {
      return signingSecret(underscore)
    }
    let body = KeyBody(text, from: underscore + 1)
    return body.isLikelyKey ? Finding(start, body.end, .apiKey) : nil
  }

  /// "whsec_…" of Standard Webhooks: base64, with the letters that base64url has not.
  private func signingSecret(_ underscore: Int) -> Finding? {
    guard let start = prefix("whsec", endingAt: underscore) else { return nil }
    guard KeyBody(text, from: underscore + 1).isLikelyKey else { return nil }
    let end = text.end(from: underscore + 1) {
      ByteClass.isAlnum($0) || ByteClass.isOne($0, of: "-_+/=")
    }
    return Finding(start, end, .apiKey)
  }

  /// "AIza…" of Google, "AKIA…" and "ASIA…" of Amazon, at their first letter.
  func cloudKey(_ start: Int) -> Finding? {
    guard isEdge(before: start) else { return nil }
    if text.hasExactly("AIza", at: start) {
      let body = KeyBody(text, from: start + 4)
      return body.length >= 30 ? Finding(start, body.end, .apiKey) : nil
    }
    guard text.hasExactly("AKIA", at: start) || text.hasExactly("ASIA", at: start) else {
      return nil
    }
    let end = text.end(from: start) { ByteClass.isUpper($0) || ByteClass.isDigit($0) }
    return end - start == 20 && !ByteClass.isWord(text[end]) ? Finding(start, end, .apiKey) : nil
  }

  /// A JSON Web Token, at the "J" of its first "eyJ": parts of base64url with dots between.
  func webToken(_ capital: Int) -> Finding? {
    let start = capital - 2
    guard text.hasExactly("ey", at: start), isEdge(before: start) else { return nil }
    var end = text.end(from: start, while: ByteClass.isBase64Url)
    guard end - start >= 12, text[end] == UInt8(ascii: ".") else { return nil }
    let second = text.end(from: end + 1, while: ByteClass.isBase64Url)
    guard second - end > 4 else { return nil }
    end = second
    // A signature, or the three further parts of an encrypted one; a full stop after it is not part of it.
    while text[end] == UInt8(ascii: "."), ByteClass.isBase64Url(text[end + 1]) {
      end = text.end(from: end + 1, while: ByteClass.isBase64Url)
    }
    return Finding(start, end, .jwt)
  }

  /// What follows "Bearer".
  func bearer(_ start: Int) -> Finding? {
    guard text.has("bearer", at: start), isEdge(before: start),
      ByteClass.isBlank(text[start + 6])
    else { return nil }
    let token = text.end(from: start + 6, limit: 8, while: ByteClass.isBlank)
    var end = text.end(from: token) {
      ByteClass.isKeyBody($0) || ByteClass.isOne($0, of: ".~+/=")
    }
    while end > token, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    var hasDigit = false
    for at in token..<min(end, token + 64) where ByteClass.isDigit(text[at]) { hasDigit = true }
    // "bearer authentication" is no token.
    guard end - token >= 20 || end - token >= 6 && hasDigit else { return nil }
    return Finding(token, end, .token)
  }

  /// A private key in PEM, to its last line, or to the end of a text that was cut.
  func privateKey(_ start: Int) -> Finding? {
    guard text.hasExactly("-----BEGIN ", at: start) else { return nil }
    let label = text.end(from: start + 11, limit: 40) {
      ByteClass.isUpper($0) || ByteClass.isDigit($0) || $0 == UInt8(ascii: " ")
    }
    guard text.hasExactly("PRIVATE KEY-----", at: label - 11) else { return nil }
    var end = label + 5
    while end < text.count, !text.hasExactly("-----END ", at: end) { end += 1 }
    guard end < text.count else { return Finding(start, end, .privateKey) }
    end = text.end(from: end + 9, limit: 40) { $0 != UInt8(ascii: "-") }
    return Finding(start, text.end(from: end, limit: 5) { $0 == UInt8(ascii: "-") }, .privateKey)
  }

  private func prefix(_ texts: [StaticString], endingAt end: Int) -> Int? {
    for text in texts {
      if let start = prefix(text, endingAt: end) { return start }
    }
    return nil
  }

  private func prefix(_ text: StaticString, endingAt end: Int) -> Int? {
    let start = end - text.utf8CodeUnitCount
    return self.text.has(text, at: start) && isEdge(before: start) ? start : nil
  }
}

/// What follows the prefix of a key, judged by its looks: "sk-learn" is no key.
private struct KeyBody {
  let end: Int
  let length: Int
  private var digits = 0
  private var stars = 0
  private var longestRun = 0
  /// The longest run of letters and digits that has a digit in it.
  private var longestMixedRun = 0

  init(_ text: ScannedText, from start: Int) {
    end = text.end(from: start, while: ByteClass.isKeyBody)
    length = end - start
    var run = 0
    var isMixed = false
    for at in start..<end {
      let byte = text[at]
      if byte == UInt8(ascii: "*") { stars += 1 }
      guard ByteClass.isAlnum(byte) else {
        (run, isMixed) = (0, false)
        continue
      }
      run += 1
      if ByteClass.isDigit(byte) {
        digits += 1
        isMixed = true
      }
      longestRun = max(longestRun, run)
      if isMixed { longestMixedRun = max(longestMixedRun, run) }
    }
  }

  /// After a prefix that is rare in words.
  var isLikelyShortKey: Bool {
    isLikelyKey || longestMixedRun >= 6 || stars >= 3 || length >= 4 && digits == length
  }

  /// After a prefix that also starts ordinary names, such as "hs_err_pid1234".
  var isLikelyKey: Bool { longestMixedRun >= 12 || longestRun >= 20 || stars >= 6 }
}
