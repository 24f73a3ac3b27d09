/// Where a secret comes from. Its text never shows it.
package enum CredentialSource: Sendable, CustomStringConvertible, CustomReflectable {
  case value(String)
  /// Read again after each 401 or 403, so that a rotated secret is found.
  case file(String)

  package var description: String {
    switch self {
    case .value: "(secret)"
    case .file(let path): "(secret in \(path))"
    }
  }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// - Throws: ``DeliveryError`` when the file can not be read, or the secret is empty or no single line.
  func read() throws(DeliveryError) -> String {
    switch self {
    case .value(let text): return try Self.checked(text, "the configuration")
    case .file(let path):
      do {
        let bytes = try FileSystem.read(path, limitBytes: 64 << 10)
        return try Self.checked(String(decoding: bytes, as: UTF8.self), path)
      } catch let error as SystemError {
        throw .unreadableCredentials(path: path, reason: error.description)
      } catch let error as DeliveryError {
        throw error
      } catch {
        throw .unreadableCredentials(path: path, reason: "\(error)")
      }
    }
  }

  private static func checked(_ text: String, _ place: String) throws(DeliveryError) -> String {
    var text = Substring(text)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    // A line end inside would end the header and begin another one.
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw .unreadableCredentials(path: place, reason: "it is empty or has more than one line")
    }
    return String(text)
  }
}
