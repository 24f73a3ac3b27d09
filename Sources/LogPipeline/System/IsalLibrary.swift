import CIsal

/// Intel's ISA-L, found when the program runs: whether it is there, and whether it does what is asked of it.
///
/// Its state is a struct whose layout the headers of one version fix; so before its first use a sample goes through it
/// and through zlib's inflate, and what lies behind the struct must be as it was.
package enum IsalLibrary: Equatable, Sendable {
  case ready(path: String)
  case missing
  case unusable(path: String, reason: String)

  /// Looked for once in a process.
  package static let found = find()

  /// For an operator, with what to do.
  package var explanation: String {
    switch self {
    case .ready(let path): "ISA-L is \(path)"
    case .missing:
      "libisal.so.2 is in none of the system's library folders; apt install libisal2 puts it there"
    case .unusable(let path, let reason):
      "\(path) did not pass its test (\(reason)); install the distribution's libisal2 in its place"
    }
  }

  private static func find() -> IsalLibrary {
    let status = cisal_load()
    guard status != 1 else { return .missing }
    let path = unsafe String(cString: cisal_path())
    guard status == 0 else { return .unusable(path: path, reason: "it lacks a function") }
    return fault(of: IsalDeflater()).map { .unusable(path: path, reason: $0) } ?? .ready(path: path)
  }

  /// nil: what it compresses is what zlib inflates, and it kept to its memory.
  private static func fault(of deflater: borrowing IsalDeflater) -> String? {
    for sample in samples {
      guard let piece = deflater.piece(sample) else { return "it refused \(sample.count) bytes" }
      guard Inflater.raw(piece, rawLengthBytes: sample.count) == sample else {
        return "\(sample.count) bytes came back as others"
      }
      guard piece.suffix(4) == [0, 0, 0xFF, 0xFF] else {
        return "\(sample.count) bytes end without a flush"
      }
    }
    return deflater.isIntact ? nil : "it wrote outside of its memory"
  }

  /// Lines that are alike, and bytes that do not compress; the second after the first, so that the state is used again.
  private static var samples: [[UInt8]] {
    var random = SeededRandom(seed: 1)
    let lines = (0..<2_000).map { number in
      Array("{\"create\":{}}\n{\"number\":\(number),\"other\":\(random.next() % 1_000)}\n".utf8)
    }
    let noise = (0..<40_000).map { _ in UInt8(truncatingIfNeeded: random.next() >> 17) }
    return [Array(lines.joined()), noise, [7], Array(lines.joined())]
  }
}
