import LogPipeline
import TestSupport
import Testing

/// Goal: prices can be looked at, compared, replaced, and then hold for events; all by the built program.
@Suite struct PricesEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func prices(
    _ arguments: [String], settings: [String] = []
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(["prices"] + arguments, settings: settings)
  }

  @Test func `list and show print the prices in effect`() throws {
    let list = try prices(["list", "--at", "2026-11-18"])
    #expect(list.ending == .exited(0) && list.error.isEmpty)
    #expect(list.output.contains("gpt-5.4-mini"))
    let json = try JsonValue.parse(try prices(["list", "--format", "json"]).output)
    #expect(json["models"]?.elements?.count == 89)
    let sheet = try prices(["show", "gpt-4.1", "--book", "holysheep"])
    #expect(sheet.ending == .exited(0) && sheet.output.contains("borrowed from direct"))
    let unknown = try prices(["show", "gpt-4.1-minni"])
    #expect(unknown.ending == .exited(66) && unknown.output.isEmpty)
    #expect(unknown.error.contains("Nearest: gpt-4.1-mini"), "\(unknown.error)")
  }

  @Test func `a new table is compared, put in place and priced with`() throws {
    let target = "\(folder.path)/effect.json"
    let file = "\(folder.path)/new.json"
    let text = String(decoding: Resources.prices, as: UTF8.self)
    let new = text.replacing("2026-11-20", with: "2026-12-01").replacing(
      "\"openai/gpt-4.1\"], \"input_per_mtok\": 2,",
      with: "\"openai/gpt-4.1\"], \"input_per_mtok\": 3,")
    try FileSystem.replace(file, with: Array(new.utf8))
    let differs = try prices(["diff", file])
    #expect(differs.ending == .exited(1) && differs.output.contains("input: 2 -> 3"))
    let unset = try prices(["update", file])
    #expect(unset.ending == .exited(78) && unset.error.contains("pricing.file is not set"))

    let settings = ["pricing.file=\(target)"]
    let updated = try prices(["update", file], settings: settings)
    #expect(updated.ending == .exited(0), "\(updated.error)")
    #expect(updated.output.contains("0 added, 0 removed, 1 changed"), "\(updated.output)")
    #expect(try FileSystem.read(target) == Array(new.utf8))
    #expect(try prices(["diff", file], settings: settings).ending == .exited(0))

    let broken = "\(folder.path)/broken.json"
    try FileSystem.replace(broken, with: Array("{}".utf8))
    let refused = try prices(["update", broken], settings: settings)
    #expect(refused.ending == .exited(65) && refused.error.contains("relay-prices/2"))
    #expect(try prices(["diff", "\(folder.path)/none"]).ending == .exited(66))
    #expect(try FileSystem.read(target) == Array(new.utf8))

    let event = "\(folder.path)/event.json"
    let line =
      #"{"timestamp":1763461800,"model":"gpt-4.1","usage":{"prompt_tokens":1000,"completion_tokens":0}}"#
    try FileSystem.replace(event, with: Array(line.utf8))
    let explained = try ProgramUnderTest.run(
      ["explain", event, "--format", "json"], settings: settings + ["pricing.book=direct"])
    #expect(explained.ending == .exited(0), "\(explained.error)")
    let cost = try JsonValue.parse(explained.output)["cost"]
    #expect(cost?["sum_usd"]?.string == "0.003")
    #expect(cost?["price_version"]?.string == "2026-12-01")
  }
}
