/// A token, password or key: where it comes from, read anew at each use, and never printed.
///
/// Reading at use lets an operator replace the file while the agent runs.
package struct Secret: Equatable, Sendable {
  package enum Source: Equatable, Sendable {
    case file(String)
    case environment(String)
    case value(String)
  }

  /// Do not print it: the `value` case holds the secret itself. ``description`` is for printing.
  package let source: Source

  package init(_ source: Source) { self.source = source }

  /// What is printed in place of a value.
  static let shown = "***"
  /// A file larger than this is no secret.
  private static let bytesMax = 64 << 10

  /// The secret's bytes, without line ends after it: for keys that may be binary.
  /// - Throws: ``SecretError`` when it can not be read or is empty.
  package func resolve() throws(SecretError) -> [UInt8] {
    var bytes: [UInt8]
    switch source {
    case .file(let path):
      do throws(SystemError) {
        bytes = try FileSystem.read(path, limitBytes: Self.bytesMax)
      } catch {
        throw .unreadable(secret: description, reason: error.description)
      }
    case .environment(let name):
      guard let found = Environment.value(of: name) else {
        throw .unreadable(secret: description, reason: "it is not set")
      }
      bytes = Array(found.utf8)
    case .value(let text):
      bytes = Array(text.utf8)
    }
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard !bytes.isEmpty else { throw .empty(secret: description) }
    return bytes
  }

  /// The secret as text for a header or a password, without white space around it.
  /// - Throws: ``SecretError``, also when it is no text or holds a line end, which would break out of a header.
  package func resolveText() throws(SecretError) -> String {
    let bytes = try resolve()
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }),
      let last = bytes.lastIndex(where: { !isBlank($0) })
    else { throw .empty(secret: description) }
    let trimmed = bytes[first...last]
    guard !trimmed.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      let text = String(validating: trimmed, as: UTF8.self)
    else { throw .notText(secret: description) }
    return text
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where it comes from; of a value given directly nothing but stars.
  package var description: String {
    switch source {
    case .file(let path): "file \(path)"
    case .environment(let name): "environment variable \(name)"
    case .value: Self.shown
    }
  }
  package var debugDescription: String { description }
  /// `dump` and test failures print mirrors: this one is empty.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
