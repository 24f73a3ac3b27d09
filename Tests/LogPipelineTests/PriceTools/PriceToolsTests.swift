import LogPipeline
import TestSupport
import Testing

/// Goal: what the commands say of prices is what events are billed at, and a table is replaced whole or not at all.
@Suite struct PriceToolsTests {
  private let folder: TemporaryFolder
  private static let november = PricingFixtures.milliseconds("2026-11-18T10:30:00Z")

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String = "prices.json") throws -> String {
    let path = "\(folder.path)/\(name)"
    try FileSystem.replace(path, with: Array(text.utf8))
    return path
  }

  private var table: String { String(decoding: Resources.prices, as: UTF8.self) }

  private func sheets(
    _ model: String, _ book: PriceBookName?, at: String? = nil
  ) throws -> [PriceSheet] {
    try PriceSheet.sheets(
      of: model, in: try PriceCatalog.inEffect(file: nil), book: book,
      atMilliseconds: at.map(PricingFixtures.milliseconds), nowMilliseconds: Self.november)
  }

  private func expectNarrow(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for line in text.split(separator: "\n") where !line.contains(folder.path) {
      #expect(line.count <= 80 && line.last != " ", "\(line)", sourceLocation: sourceLocation)
    }
  }

  @Test func `the list has every row, in 80 columns, with what an event would pay`() throws {
    let list = PriceList(
      try PriceCatalog.inEffect(file: nil), atMilliseconds: Self.november, book: nil)
    expectNarrow(list.text)
    let models = try #require(list.json["models"]?.elements)
    #expect(models.count == 84 + 5)
    let oracle = try PriceOracle(Resources.prices)
    for model in models {
      let name = try #require(model["model"]?.string)
      let rates = oracle.rates(model["book"]?.string ?? "", name, Self.november, 1, nil)
      // At 10:30 on a Wednesday two models are off-peak; the list has the standard price.
      guard !name.hasPrefix("deepseek-v4") else { continue }
      #expect(PriceOracle.micro(model["input"]) == rates?.input, "\(name)")
      #expect(PriceOracle.micro(model["output"]) == rates?.output, "\(name)")
      #expect(PriceOracle.micro(model["cached"]) == rates?.cached, "\(name)")
    }
    let relay = PriceList(
      try PriceCatalog.inEffect(file: nil), atMilliseconds: Self.november, book: .holysheep)
    #expect(relay.json["models"]?.elements?.count == 5)
    #expect(relay.text.contains("0.5*"), "\(relay.text)")
    let before = PriceList(
      try PriceCatalog.inEffect(file: nil),
      atMilliseconds: PricingFixtures.milliseconds("2026-01-01T00:00:00Z"), book: .direct)
    #expect(before.text.contains("- no price is known at that time"))
  }

  @Test func `every model can be shown, in 80 columns`() throws {
    let oracle = try PriceOracle(Resources.prices)
    for model in oracle.models("direct").compactMap({ $0["model"]?.string }) {
      for sheet in try sheets(model, nil) { expectNarrow(sheet.text) }
    }
  }

  @Test func `a sheet says which figures are borrowed and which follow from others`() throws {
    let sheet = try #require(try sheets("GPT-4", .holysheep).first)
    #expect(sheet.text.hasPrefix("gpt-4.1, book holysheep: what \"GPT-4\" means\n"))
    let standard = try #require(sheet.json["periods"]?[0]?["rates"]?[0])
    #expect(standard["input"]?["per_mtok"]?.double == 2.5)
    #expect(standard["input"]?["origin"]?.string == "listed")
    #expect(standard["cached"]?["per_mtok"]?.double == 0.5)
    #expect(standard["cached"]?["origin"]?.string == "borrowed")
    #expect(standard["write_5m"]?["origin"]?.string == "derived")
    #expect(sheet.text.contains("0.5*") && sheet.text.contains("2.5="), "\(sheet.text)")
    #expect(sheet.text.contains("gpt-4-turbo"))
    // The same name in both books, each its own.
    #expect(try sheets("gpt-4", nil).count == 2)
    #expect(try sheets("gpt-5", nil).count == 1)
    #expect(try sheets("gemini-pro", nil).count == 1)
  }

  @Test func `tiers, service tiers, periods, hours and regions are shown`() throws {
    let sol = try #require(try sheets("gpt-5.6", .direct).first)
    #expect(sol.text.contains("from 272,001 tokens, flex"))
    #expect(sol.text.contains("from 2026-08-21 (now)") && sol.text.contains("before 2026-08-21"))
    #expect(sol.text.contains("processed in eu: all of it x 1.1"))
    let old = try #require(try sheets("gpt-5.6", .direct, at: "2026-08-20T23:59:59Z").first)
    #expect(old.json["periods"]?.elements?.count == 1)
    #expect(old.json["periods"]?[0]?["rates"]?[0]?["input"]?["per_mtok"]?.double == 5)
    let peak = try #require(try sheets("deepseek-v4-pro", .direct).first)
    #expect(peak.text.contains("Mon-Fri 00-01, 04-06, 10-24; Sat-Sun 00-24"), "\(peak.text)")
    #expect(
      try #require(try sheets("grok-4.3", .direct).first).text.contains("from 200,000 tokens"))
  }

  @Test func `docs/prices.md shows what is printed`() throws {
    let document = try Repository.text("docs/prices.md")
    let list = PriceList(
      try PriceCatalog.inEffect(file: nil),
      atMilliseconds: PricingFixtures.milliseconds("2026-11-18T00:00:00Z"), book: .holysheep)
    #expect(document.contains("```text\n\(list.text)```"))
    let sheet = try #require(try sheets("gpt-4", .holysheep).first)
    #expect(document.contains("```text\n\(sheet.text)```"))
  }

  @Test func `an unknown name names its nearest`() {
    let error = #expect(throws: PriceToolError.self) { try sheets("gpt-4.1-minni", .direct) }
    #expect("\(error!)".contains("Nearest: gpt-4.1-mini"), "\(error!)")
    let far = #expect(throws: PriceToolError.self) { try sheets("q", nil) }
    #expect("\(far!)".contains("sheepshipper prices list"), "\(far!)")
  }

  @Test func `a difference names what is added, removed and changed`() throws {
    let same = PriceDifference(
      from: try PriceCatalog.inEffect(file: nil), to: try PriceCatalog(file: try write(table)))
    #expect(same.isEmpty && same.text.contains("nothing changes"))
    let other =
      table.replacing("\"as_of\": \"2026-11-20\"", with: "\"as_of\": \"2026-12-01\"")
      .replacing("{\"model\": \"gpt-4o-mini\"", with: "{\"model\": \"gpt-9\"")
      .replacing(
        "\"openai/gpt-4.1\"], \"input_per_mtok\": 2,",
        with: "\"openai/gpt-4.1\", \"gpt-4.1-new\"], \"input_per_mtok\": 3,"
      )
      .replacing("\"threshold\": 512000", with: "\"threshold\": 500000")
    let found = PriceDifference(
      from: try PriceCatalog.inEffect(file: nil), to: try PriceCatalog(file: try write(other)))
    expectNarrow(found.text)
    #expect(found.summary == "1 added, 1 removed, 2 changed", "\(found.text)")
    #expect(found.text.contains("added    direct    gpt-9"))
    #expect(found.text.contains("removed  direct    gpt-4o-mini"))
    #expect(found.text.contains("\n         input: 2 -> 3\n"), "\(found.text)")
    #expect(found.text.contains("name gpt-4.1-new: listed (new)"))
    #expect(found.text.contains("from 500,001 tokens, input"))
    #expect(found.json["changes"]?.elements?.count == 4)
  }

  @Test func `what is exported is the table in effect, and no file is written over`() throws {
    let target = "\(folder.path)/mine.json"
    #expect(try PriceCatalog.export(inEffect: nil, to: target).origin == "built in")
    #expect(try FileSystem.read(target, limitBytes: 1 << 20) == Resources.prices)
    #expect(throws: PriceToolError.exists(file: target)) {
      try PriceCatalog.export(inEffect: nil, to: target)
    }
    let own = try write(table.replacing("\"gpt-4.1\"", with: "\"gpt-4.1-ours\""))
    let copy = "\(folder.path)/copy.json"
    #expect(try PriceCatalog.export(inEffect: own, to: copy).origin == own)
    #expect(
      try FileSystem.read(copy, limitBytes: 1 << 20) == FileSystem.read(own, limitBytes: 1 << 20))
  }

  @Test func `an update checks first and replaces at once`() throws {
    let target = try write(table, "effect.json")
    let new = table.replacing("2026-11-20", with: "2026-12-01")
    let file = try write(new)
    let update = try PriceUpdate.run(file: file, target: target)
    #expect(update.json["written"]?.bool == true)
    #expect(try FileSystem.read(target) == Array(new.utf8))
    #expect(try FileSystem.status(of: target).mode & 0o777 == 0o600)
    #expect(try PriceUpdate.run(file: file, target: target).json["written"]?.bool == false)
    for (broken, says) in [
      ("{", "no JSON"), (new.replacing("relay-prices/2", with: "relay-prices/3"), "relay-prices/3"),
      (new.replacing("\"output_per_mtok\": 8,", with: ""), "output_per_mtok is missing"),
    ] {
      let error = #expect(throws: PriceToolError.self) {
        try PriceUpdate.run(file: try write(broken, "broken.json"), target: target)
      }
      #expect("\(error!)".contains(says), "\(error!)")
      #expect(try FileSystem.read(target) == Array(new.utf8))
    }
    #expect(throws: PriceToolError.noTarget) { try PriceUpdate.run(file: file, target: nil) }
    let fresh = "\(folder.path)/fresh.json"
    _ = try PriceUpdate.run(file: file, target: fresh)
    #expect(try FileSystem.read(fresh) == Array(new.utf8))
    #expect(throws: PriceToolError.self) {
      try PriceUpdate.run(file: file, target: "/nowhere/at/all.json")
    }
  }

  @Test(arguments: [
    ("{\n\"a\": 1\n\"b\": 2\n}", "(line 3: "), ("{\n\"a\": [1,\n2,\n]\n}", "(line 4: "),
    ("{\n\n\"a\": tru\n}", "(line 3: "), ("{\n\"a\": 01}", "(line 2: "),
    ("{\n\"a\": {\n\"b\": 1\n}\n\n", "(line 4: "), ("{\"a\": 1}\n}\n", "(line 2: "),
    ("{\n'a': 1}", "(line 2: "), ("{\n\"a\": \"x\n}", "(A string is opened"), ("", "(Empty"),
  ])
  func `a table that is no JSON names the line, where that is known`(text: String, says: String)
    throws
  {
    let error = #expect(throws: PriceToolError.self) {
      try PriceCatalog(file: try write(text, "broken.json"))
    }
    #expect("\(error!)".contains("The price table is no JSON \(says)"), "\(error!)")
  }

  @Test func `a damaged table in effect does not stop its own cure`() throws {
    let target = try write("{", "effect.json")
    let update = try PriceUpdate.run(file: try write(table), target: target)
    #expect(update.text.replacing("\n", with: " ").contains("Compared with the built-in prices"))
    #expect(try PriceCatalog.inEffect(file: target).books.version == "2026-11-20")
  }

  @Test(arguments: [
    ("2026-08-21", Int64(1_787_270_400_000)), ("2026-08-21T10:30:05Z", 1_787_308_205_000),
    ("2026-02-29", nil), ("2026-13-01", nil), ("2026-08-21T25:00:00Z", nil), ("yesterday", nil),
    ("2026-08-21T10:30:05", nil), ("", nil),
  ])
  func `a moment is a date or a second`(text: String, milliseconds: Int64?) {
    #expect(PriceText.milliseconds(text) == milliseconds)
  }
}
