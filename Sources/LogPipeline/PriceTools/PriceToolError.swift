/// Why `prices` could not do what was asked. The prices in effect are what they were.
package enum PriceToolError: Error, Equatable, CustomStringConvertible {
  case cannotRead(file: String, reason: String)
  case notATable(file: String, reason: String)
  case unknownModel(name: String, book: String, nearest: [String])
  case noTarget
  case exists(file: String)
  case cannotWrite(file: String, reason: String)

  package var description: String {
    switch self {
    case .cannotRead(let file, let reason):
      "The price table \(file) can not be read: \(reason). Nothing was changed; name a file that can."
    case .notATable(let file, let reason): "\(file): \(reason)"
    case .unknownModel(let name, let book, let nearest):
      "No price is listed for \"\(name)\" in the book \(book); events of it are unpriced. "
        + (nearest.isEmpty
          ? "No name is near it: see sheepshipper prices list."
          : "Nearest: \(nearest.joined(separator: ", ")).")
    case .noTarget:
      """
      There is no file to update: pricing.file is not set, so the built-in prices hold. Run it again with \
      --set pricing.file=/etc/sheepshipper/prices.json, which makes that file; then name it as pricing.file \
      in the configuration, and a running agent takes it over. Nothing was changed.
      """
    case .exists(let file):
      "\(file) is there already. Nothing was written; name a file that is not."
    case .cannotWrite(let file, let reason):
      "The price table could not be written to \(file): \(reason). The file there is what it was."
    }
  }
}
