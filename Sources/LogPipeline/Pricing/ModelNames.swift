/// Which names mean which row, in one book.
struct ModelNames: Sendable {
  /// As the table writes them.
  private var exact: [[UInt8]: Int] = [:]
  /// In lower case.
  private var folded: [[UInt8]: Int] = [:]

  /// - Returns: the row that has this name already, if it is another one.
  mutating func add(_ name: String, row: Int) -> Int? {
    let bytes = Array(name.utf8)
    let lower = Array(name.lowercased().utf8)
    if let other = folded[lower], other != row { return other }
    exact[bytes] = row
    folded[lower] = row
    return nil
  }

  /// All names of a row, as the table writes them, sorted.
  func names(of row: Int) -> [String] {
    exact.filter { $0.value == row }.map { String(decoding: $0.key, as: UTF8.self) }.sorted()
  }

  /// The row of a name: as given, else the longest of its normalised forms that is listed. Never a mere prefix.
  func row(of name: ModelName) -> Int? {
    if let row = exact[name.given] { return row }
    var best: (row: Int, length: Int)?
    for form in name.forms {
      if let row = folded[form], form.count > best?.length ?? 0 { best = (row, form.count) }
    }
    return best?.row
  }
}
