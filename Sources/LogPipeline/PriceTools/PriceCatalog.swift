/// A price table with where it comes from.
package struct PriceCatalog {
  package let books: PriceBooks
  /// "built in", or the file's path.
  package let origin: String

  /// The largest file that is read; the built-in table has less than 100 KiB.
  static let bytesMax = 16 << 20

  /// What prices events now: the table that `pricing.file` names, or the built-in one.
  package static func inEffect(file: String?) throws(PriceToolError) -> PriceCatalog {
    guard let file else { return try builtIn }
    return try PriceCatalog(file: file)
  }

  /// `prices export`: the table in effect as a file to start another from.
  package static func export(
    inEffect file: String?, to target: String
  ) throws(PriceToolError) -> PriceCatalog {
    let catalog = try inEffect(file: file)
    guard !FileSystem.exists(target) else { throw .exists(file: target) }
    let table = if let file { try bytes(of: file) } else { Resources.prices }
    do throws(SystemError) { try FileSystem.replace(target, with: table, mode: 0o644) } catch {
      throw .cannotWrite(file: target, reason: error.description)
    }
    return catalog
  }

  static var builtIn: PriceCatalog {
    get throws(PriceToolError) {
      PriceCatalog(try books(Resources.prices, "the built-in table"), origin: "built in")
    }
  }

  /// Reads a table whole.
  package init(file: String) throws(PriceToolError) {
    self.init(try Self.books(try Self.bytes(of: file), file), origin: file)
  }

  private init(_ books: PriceBooks, origin: String) {
    self.books = books
    self.origin = origin
  }

  func isListed(_ model: String, _ book: PriceBookName) -> Bool {
    let name = Array(model.utf8)
    return unsafe name.withUnsafeBytes { unsafe books.match($0, book: book) }.row != nil
  }

  static func bytes(of file: String) throws(PriceToolError) -> [UInt8] {
    do throws(SystemError) { return try FileSystem.read(file, limitBytes: bytesMax) } catch {
      throw .cannotRead(file: file, reason: error.description)
    }
  }

  private static func books(
    _ bytes: [UInt8], _ file: String
  ) throws(PriceToolError) -> PriceBooks {
    do throws(PricingError) { return try PriceBooks.load(bytes) } catch {
      throw .notATable(file: file, reason: error.description)
    }
  }

  var json: JsonValue {
    .object([("version", .string(books.version)), ("origin", .string(origin))])
  }
}
