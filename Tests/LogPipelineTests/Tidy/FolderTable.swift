/// The table of LogPipeline's folders in docs/architecture.md: which folder may use the types of which others.
struct FolderTable {
  struct Problem: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  static let header = ["folder", "takes", "gives", "may use"]

  private(set) var mayUse: [String: Set<String>] = [:]

  init(markdown: String) throws {
    let rows = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
    let headers = rows.indices.filter { rows[$0] == Self.header }
    guard headers.count == 1, let start = headers.first else {
      throw Problem(
        description: "\(headers.count) tables have the columns \(Self.header), not one")
    }
    for cells in rows[(start + 1)...] {
      guard cells.count == Self.header.count else { break }
      if cells[0].allSatisfy({ $0 == "-" || $0 == ":" }) { continue }
      let folder = Self.folder(cells[0])
      let others = Set(cells[3].split(separator: ",").map { Self.folder(String($0)) })
        .subtracting(["-"])
      guard mayUse[folder] == nil else { throw Problem(description: "\(folder) has two rows") }
      if let unknown = others.first(where: { mayUse[$0] == nil }) {
        throw Problem(
          description: "\(folder) may use \(unknown), which has no row above it: use goes one way")
      }
      mayUse[folder] = others
    }
  }

  private static func cells(_ line: Substring) -> [String] {
    guard line.hasPrefix("|"), line.hasSuffix("|"), line.count > 1 else { return [] }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { trimmed(String($0)) }
  }

  private static func folder(_ text: String) -> String {
    trimmed(text).filter { $0 != "`" && $0 != "/" }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
