/// Takes the values of fields out of Elasticsearch's reasons: they quote the document.
package enum ReasonScrubber {
  package static let bytesMax = 512

  package static func scrub(_ reason: String) -> String {
    var text = reason[...]
    // What follows these is the document's own text.
    for marker in ["Preview of field's value", "[Source:", "original message:"] {
      if let found = text.firstRange(of: marker) { text = text[..<found.lowerBound] }
    }
    var kept = String(text)
    // From the first quote to the last: a value may hold quotes itself.
    for quote in ["\"", "'"] as [Character] {
      if let first = kept.firstIndex(of: quote), let last = kept.lastIndex(of: quote), first < last
      {
        kept.replaceSubrange(first...last, with: "\(quote)…\(quote)")
      }
    }
    if let value = kept.firstRange(of: "value ["), let last = kept.lastIndex(of: "]"),
      value.upperBound <= last
    {
      kept.replaceSubrange(value.upperBound..<last, with: "…")
    }
    return cut(kept)
  }

  /// At most ``bytesMax`` bytes, whole characters only.
  static func cut(_ text: String) -> String {
    var out = ""
    var bytes = 0
    for character in text {
      bytes += character.utf8.count
      if bytes > bytesMax { break }
      out.append(character)
    }
    while let last = out.last, last.isWhitespace { out.removeLast() }
    return out
  }
}
