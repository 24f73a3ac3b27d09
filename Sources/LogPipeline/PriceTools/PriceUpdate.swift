/// `prices update`: puts another table where `pricing.file` points.
package struct PriceUpdate {
  private let target: String
  private let difference: PriceDifference
  private let warning: String?
  private let isWritten: Bool

  /// Reads the new table whole before anything is touched; the file at `target` is replaced at once or not at all.
  ///
  /// `target` is what `pricing.file` says.
  /// - Throws: ``PriceToolError``; the prices in effect are then what they were.
  /// - Returns: what changed.
  package static func run(file: String, target: String?) throws(PriceToolError) -> PriceUpdate {
    let new = try PriceCatalog(file: file)
    let bytes = try PriceCatalog.bytes(of: file)
    guard let target else { throw .noTarget }
    var old = try PriceCatalog.builtIn
    var warning: String?
    if FileSystem.exists(target) {
      do throws(PriceToolError) { old = try PriceCatalog(file: target) } catch {
        warning = "\(error.description) Compared with the built-in prices."
      }
    }
    let difference = PriceDifference(from: old, to: new)
    let isSame = (try? FileSystem.read(target, limitBytes: PriceCatalog.bytesMax)) == bytes
    if !isSame { try write(bytes, to: target) }
    return PriceUpdate(
      target: target, difference: difference, warning: warning, isWritten: !isSame)
  }

  private static func write(_ bytes: [UInt8], to target: String) throws(PriceToolError) {
    let mode = (try? FileSystem.status(of: target))?.mode ?? 0o644
    do throws(SystemError) {
      try FileSystem.replace(target, with: bytes, mode: mode & 0o777)
    } catch {
      throw .cannotWrite(file: target, reason: error.description)
    }
  }

  package var text: String {
    var text = difference.text + "\n"
    if let warning { text = TextLayout.wrapped(warning) + "\n" + text }
    return text
      + TextLayout.wrapped(
        isWritten
          ? "Written to \(target). A running agent whose pricing.file it is takes it over within "
            + "seconds; what is stored already keeps its cost."
          : "\(target) holds that table already: nothing was written."
      )
  }

  package var json: JsonValue {
    .object([
      ("file", .string(target)), ("written", .bool(isWritten)),
      ("warning", warning.map(JsonValue.string) ?? .null), ("difference", difference.json),
    ])
  }
}
