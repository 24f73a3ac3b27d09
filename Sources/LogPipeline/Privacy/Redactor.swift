/// Takes secrets and personal data out of free text.
package struct Redactor: Sendable {
  package init() {}

  /// Appends the text, scrubbed, as plain UTF-8 (not JSON-escaped).
  /// - Returns: how many places were replaced.
  package func scrub(_ text: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Int {
    unsafe out.append(contentsOf: text)
    return 0
  }
}
