/// Takes secrets and personal data out of free text: addresses, cards, keys, tokens, account and telephone numbers.
///
/// It looks at what a reader would see, with escapes undone and full-width and similar forms as ASCII; what it leaves
/// is byte for byte what it was. One pass, linear in the text, without regular expressions.
package struct Redactor: Sendable {
  package init() {}

  /// Appends the text, scrubbed, as plain UTF-8 (not JSON-escaped); bytes that are no UTF-8 become U+FFFD.
  /// - Returns: how many places were replaced.
  package func scrub(_ text: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Int {
    guard unsafe FoldedText.isNeeded(text) else {
      return unsafe replace(in: text, SecretScanner(ScannedText(text)), into: &out) { $0 }
    }
    let folded = unsafe FoldedText(text)
    let first = out.count
    let count = unsafe folded.bytes.withUnsafeBytes { bytes in
      unsafe replace(in: text, SecretScanner(ScannedText(bytes)), into: &out) { folded.starts[$0] }
    }
    if folded.isDamaged {
      let repaired = String(decoding: out[first...], as: UTF8.self)
      out.replaceSubrange(first..., with: repaired.utf8)
    }
    return count
  }

  private func replace(
    in text: UnsafeRawBufferPointer, _ scanner: SecretScanner, into out: inout [UInt8],
    placeInText: (Int) -> Int
  ) -> Int {
    var scanner = scanner
    var done = 0
    var count = 0
    while let finding = scanner.next() {
      let start = placeInText(finding.start)
      unsafe out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[done..<start]))
      out.append(contentsOf: finding.kind.replacement.utf8)
      done = placeInText(finding.end)
      count += 1
    }
    unsafe out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[done...]))
    return count
  }
}
