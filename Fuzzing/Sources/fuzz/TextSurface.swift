import LogPipeline

/// Free text, scrubbed of secrets: it stays UTF-8, and what is not a finding stays as it was.
struct TextSurface: Surface {
  func run(_ input: [UInt8]) {
    var out: [UInt8] = []
    let count = unsafe input.withUnsafeBytes { unsafe Redactor().scrub($0, into: &out) }
    require(Array(String(decoding: out, as: UTF8.self).utf8) == out, "scrubbed text is UTF-8")
    if count == 0 {
      let text = Array(String(decoding: input, as: UTF8.self).utf8)
      require(out == text, "text without a finding stays as it was")
    }
  }
}
