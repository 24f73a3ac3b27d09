import LogPipeline

/// Texts for the redactor's tests.
enum PrivacyFixtures {
  /// The lines of a file in Fixtures/privacy.
  static func lines(_ name: String, from here: StaticString = #filePath) throws -> [String] {
    let folder = FileSystem.parent(of: FileSystem.parent(of: "\(here)"))
    let bytes = try FileSystem.read("\(folder)/Fixtures/privacy/\(name)")
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  static func scrub(_ text: String) -> (text: String, count: Int) {
    let (bytes, count) = scrub(Array(text.utf8))
    return (String(decoding: bytes, as: UTF8.self), count)
  }

  static func scrub(_ bytes: [UInt8]) -> (bytes: [UInt8], count: Int) {
    var out: [UInt8] = []
    let count = unsafe bytes.withUnsafeBytes { unsafe Redactor().scrub($0, into: &out) }
    return (out, count)
  }

  /// The text with the first place where `part` stands byte for byte replaced.
  static func replacing(_ part: String, by other: String, in text: String) -> String {
    let (whole, wanted) = (Array(text.utf8), Array(part.utf8))
    guard let start = whole.indices.first(where: { whole[$0...].starts(with: wanted) }) else {
      return text
    }
    return String(
      decoding: whole[..<start] + Array(other.utf8) + whole[(start + wanted.count)...],
      as: UTF8.self)
  }
}
