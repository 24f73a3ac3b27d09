import LogPipeline

/// `sheepshipper prices`: no agent is started.
extension AgentRunner {
  func prices(_ configuration: Configuration, _ options: PricesOptions) throws -> ExitCode {
    do throws(PriceToolError) { return try perform(configuration, options) } catch {
      Terminal.fail(error.description)
      return switch error {
      case .cannotRead, .unknownModel: .noInput
      case .notATable: .damaged
      case .noTarget: .configuration
      case .exists: .usage
      case .cannotWrite: .internal
      }
    }
  }

  private func perform(
    _ configuration: Configuration, _ options: PricesOptions
  ) throws(PriceToolError) -> ExitCode {
    let file = configuration.pricing.file
    let now = Int64(SystemClock().wallMilliseconds())
    switch options.action {
    case .list:
      let list = PriceList(
        try PriceCatalog.inEffect(file: file), atMilliseconds: options.atMilliseconds ?? now,
        book: options.book)
      show(list.text, list.json, options.output)
    case .show(let model):
      let sheets = try PriceSheet.sheets(
        of: model, in: try PriceCatalog.inEffect(file: file),
        book: options.book ?? Self.book(configuration), atMilliseconds: options.atMilliseconds,
        nowMilliseconds: now)
      show(
        sheets.map(\.text).joined(separator: "\n\n"), .array(sheets.map(\.json)), options.output)
    case .diff(let other):
      let found = PriceDifference(
        from: try PriceCatalog.inEffect(file: file), to: try PriceCatalog(file: other))
      show(found.text, found.json, options.output)
      return found.isEmpty ? .success : .promiseBroken
    case .update(let other):
      let update = try PriceUpdate.run(file: other, target: file)
      show(update.text, update.json, options.output)
    case .export(let other):
      let catalog = try PriceCatalog.export(inEffect: file, to: other)
      show(
        TextLayout.wrapped(
          "Written to \(other): the table in effect, version \(catalog.books.version), from: \(catalog.origin). "
            + "Edit it, give it another date (as_of, its version), and put it in place with "
            + "prices update \(other)."),
        .object([
          ("file", .string(other)), ("from", .string(catalog.origin)),
          ("version", .string(catalog.books.version)),
        ]), options.output)
    }
    return .success
  }

  /// nil: it depends on the event.
  private static func book(_ configuration: Configuration) -> PriceBookName? {
    switch configuration.pricing.book {
    case .auto: nil
    case .direct: .direct
    case .holysheep: .holysheep
    }
  }

  private func show(_ text: String, _ json: JsonValue, _ output: OutputOptions) {
    switch output.format {
    case .text: StandardStreams.write(text)
    case .json: StandardStreams.write(json.text + "\n")
    }
  }
}
