import LogPipeline
import TestSupport
import Testing

/// Goal: kibana/dashboards.ndjson imports, and asks for nothing that documents do not have.
/// Method: its objects against each other, the program's own table of fields, and the script that writes them.
@Suite struct DashboardFileTests {
  private let file: DashboardFile

  init() throws { file = try DashboardFile() }

  @Test func `each object has an id, a format that all know, and references that resolve`() throws {
    let ids = file.objects.map { $0["id"]?.string ?? "" }
    #expect(Set(ids).count == ids.count && !ids.contains(""))
    // The last formats of OpenSearch Dashboards; newer ones are refused there.
    let formats = ["index-pattern": "7.6.0", "visualization": "7.10.0", "dashboard": "7.9.3"]
    var seen: Set<String> = []
    for object in file.objects {
      let (type, id) = (object["type"]?.string ?? "", object["id"]?.string ?? "")
      #expect(object["migrationVersion"]?[type]?.string == formats[type], "\(id)")
      for reference in object["references"]?.elements ?? [] {
        let target = reference["id"]?.string ?? ""
        #expect(seen.contains("\(reference["type"]?.string ?? "")/\(target)"), "\(id): \(target)")
      }
      seen.insert("\(type)/\(id)")
      let named = object["references"]?.elements?.compactMap { $0["name"]?.string } ?? []
      for name in named { #expect(object.text.split(separator: name).count >= 3, "\(id): \(name)") }
    }
    #expect(file.objects("index-pattern").count == 1)
  }

  @Test func `the dashboards are four, each under the one control bar`() throws {
    let boards = file.objects("dashboard")
    #expect(
      boards.compactMap { $0["id"]?.string } == [
        "sheepshipper-loss-and-health", "sheepshipper-cost", "sheepshipper-latency-and-errors",
        "sheepshipper-tokens",
      ])
    for board in boards {
      let placed = try JsonValue.parse(board["attributes"]?["panelsJSON"]?.string ?? "")
      #expect(placed.elements?.count == board["references"]?.elements?.count)
      #expect(board["references"]?[0]?["id"]?.string == "sheepshipper-controls")
      #expect(placed[0]?["panelRefName"]?.string == "panel_0")
      for panel in placed.elements ?? [] {
        let place = panel["gridData"]
        #expect((place?["x"]?.integer ?? 99) + (place?["w"]?.integer ?? 99) <= 48)
      }
    }
    let bar = try #require(file.objects.first { $0["id"]?.string == "sheepshipper-controls" })
    let state = try JsonValue.parse(bar["attributes"]?["visState"]?.string ?? "")
    #expect(state["type"]?.string == "input_control_vis")
    let fields = state["params"]?["controls"]?.elements?.compactMap { $0["fieldName"]?.string }
    #expect(fields == ["team_id", "environment", "model", "provider"])
  }

  @Test func `panels are aggregations over fields of the template that can be aggregated`() throws {
    let types = Dictionary(
      uniqueKeysWithValues: FieldTable.documentFields.map { ($0.name, $0.type) })
    let panels = try file.panels()
    #expect(panels.count >= 40)
    let numbers: [FieldType] = [.long, .integer, .short, .double, .float]
    for panel in panels {
      #expect(["metric", "table", "histogram", "line", "area", "pie"].contains(panel.kind))
      for agg in panel.aggs where agg.kind != "count" && agg.kind != "filters" {
        let type = try #require(types[agg.field ?? ""], "\(panel.id): \(agg.field ?? "")")
        #expect(![.text, .unsearchedText, .flattened].contains(type), "\(panel.id)")
        if ["sum", "avg", "percentiles"].contains(agg.kind) {
          #expect(numbers.contains(type), "\(panel.id): \(agg.kind) of \(agg.field ?? "")")
        }
      }
    }
    let pattern = try #require(file.objects("index-pattern").first?["attributes"])
    #expect(
      pattern["title"]?.string
        == AgentSettings(configuration: Configuration()).indexTemplate.indexPattern)
    #expect(pattern["timeFieldName"]?.string == "@timestamp")
    for field in try JsonValue.parse(pattern["fields"]?.string ?? "").elements ?? [] {
      let name = field["name"]?.string ?? ""
      #expect(field["esTypes"]?[0]?.string == types[name]?.serverName, "\(name)")
    }
  }

  @Test(.enabled(if: FileSystem.exists("/usr/bin/python3"), "there is no /usr/bin/python3"))
  func `the file is what the script writes`() throws {
    let child = try ChildProcess(
      "/usr/bin/python3", ["\(Repository.root)/scripts/dashboards", "--check"])
    #expect(
      child.wait(until: SystemClock().now() + .seconds(60)) == .exited(0), "\(child.errorText)")
  }
}
