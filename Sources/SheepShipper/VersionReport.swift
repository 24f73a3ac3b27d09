import LogPipeline

/// What `version` prints.
enum VersionReport {
  static func print(_ format: OutputFormat) {
    switch format {
    case .text:
      var text = "sheepshipper \(Versions.program)\nbuilt with Swift \(Versions.swift)\n"
      for (name, version) in Versions.libraries { text += "\(name) \(version)\n" }
      StandardStreams.write(text)
    case .json:
      let libraries = Versions.libraries.map { ($0.name, JsonValue.string($0.version)) }
      let report = JsonValue.object([
        ("version", .string(Versions.program)), ("swift", .string(Versions.swift)),
        ("libraries", .object(libraries)),
      ])
      StandardStreams.write(report.text + "\n")
    }
  }
}
