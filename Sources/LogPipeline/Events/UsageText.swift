/// Token counts in the text of a Python object: `Usage(completion_tokens=20, prompt_tokens=10, ...)`.
struct UsageText {
  let promptTokens: Int64?
  let completionTokens: Int64?
  let totalTokens: Int64?
  let cachedTokens: Int64?
  let cacheWriteTokens: Int64?
  let reasoningTokens: Int64?

  /// nil: it is another text, or counts nothing.
  init?(_ text: UnsafeRawBufferPointer) {
    guard unsafe ByteScan.first("Usage(", in: text) == 0 else { return nil }
    promptTokens = unsafe Self.count("prompt_tokens=", in: text)
    completionTokens = unsafe Self.count("completion_tokens=", in: text)
    totalTokens = unsafe Self.count("total_tokens=", in: text)
    cachedTokens =
      unsafe Self.count("cached_tokens=", in: text)
      ?? Self.count("cache_read_input_tokens=", in: text)
    cacheWriteTokens =
      unsafe Self.count("cache_creation_tokens=", in: text)
      ?? Self.count("cache_creation_input_tokens=", in: text)
    reasoningTokens = unsafe Self.count("reasoning_tokens=", in: text)
    if promptTokens == nil, completionTokens == nil, totalTokens == nil { return nil }
  }

  /// The first number behind that name; nil where it says None.
  private static func count(_ name: StaticString, in text: UnsafeRawBufferPointer) -> Int64? {
    var rest = unsafe text
    while let at = unsafe ByteScan.first(name, in: rest) {
      let isWhole = unsafe at > 0 && (rest[at - 1] == 0x20 || rest[at - 1] == 0x28)
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[(at + name.utf8CodeUnitCount)...])
      guard isWhole else { continue }
      let digits = unsafe rest.prefix { ByteClass.isDigit($0) }
      if let count = unsafe NumberText.integer(UnsafeRawBufferPointer(rebasing: digits)),
        count <= 1 << 53
      {
        return count
      }
    }
    return nil
  }
}
