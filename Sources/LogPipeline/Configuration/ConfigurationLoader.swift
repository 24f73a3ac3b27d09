/// Puts the configuration together: defaults, then the file, then the environment, then `--set`; later ones win.
package struct ConfigurationLoader {
  package static let defaultFile = "/etc/sheepshipper/sheepshipper.yaml"
  package static let environmentPrefix = "SHEEPSHIPPER_"

  private var configuration = Configuration()
  private var places: [String: String] = [:]
  private var problems: [ConfigurationProblem] = []
  private var warnings: [String] = []

  private init() {}

  /// A flag that is short for a setting: `--name x` is `--set pipe.name=x`.
  package struct FlagSetting: Equatable, Sendable {
    let flag: String
    let path: String
    let value: String

    package init(flag: String, path: String, value: String) {
      self.flag = flag
      self.path = path
      self.value = value
    }
  }

  /// - Parameters:
  ///   - file: the file to read; nil: none.
  ///   - environment: the variables that start with ``environmentPrefix``.
  ///   - settings: each "path=value", as `--set` takes them.
  ///   - flags: read last.
  /// - Returns: a configuration that has passed all checks.
  /// - Throws: ``ConfigurationError`` with all that is wrong.
  package static func load(
    file: String?, environment: [String: String] = [:], settings: [String] = [],
    flags: [FlagSetting] = []
  ) throws(ConfigurationError) -> LoadedConfiguration {
    var loader = ConfigurationLoader()
    if let file { loader.readFile(file) }
    loader.readEnvironment(environment)
    for setting in settings { loader.readSetting(setting) }
    for flag in flags { loader.assign(flag.value, to: flag.path, from: .argument(flag.flag)) }
    // Checks between settings would only repeat what is wrong with one of them.
    if loader.problems.isEmpty { loader.check() }
    guard loader.problems.isEmpty else { throw ConfigurationError(problems: loader.problems) }
    return LoadedConfiguration(
      configuration: loader.configuration, places: loader.places, warnings: loader.warnings,
      file: file)
  }

  /// The variable that sets `path`: "ring.size" is SHEEPSHIPPER_RING_SIZE.
  package static func variable(for path: String) -> String {
    environmentPrefix
      + String(path.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
  }

  private mutating func readFile(_ path: String) {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try FileSystem.read(path, limitBytes: YamlDocument.bytesMax)
    } catch {
      problems.append(ConfigurationProblem(place: path, key: "", reason: error.description))
      return
    }
    do throws(YamlError) {
      guard let root = try YamlDocument.parse(bytes) else { return }
      assign(root, to: "", from: .file(path), keyPlace: root.place)
    } catch {
      problems.append(
        ConfigurationProblem(
          place: SettingSource.file(path).place(error.place), key: "", reason: error.reason))
    }
  }

  private mutating func readEnvironment(_ environment: [String: String]) {
    let keys = ConfigurationKeys.all.keys
    let paths = Dictionary(
      uniqueKeysWithValues: keys.map { (Self.variable(for: $0.path), $0.path) })
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
      // Set to nothing is how compose files write "not set".
      if value.isEmpty || Self.isForeign(name) { continue }
      let source = SettingSource.environment(name)
      guard let path = paths[name] else {
        let nearest = Spelling.nearest(to: name, among: paths.keys.sorted())
        problems.append(
          ConfigurationProblem(
            place: source.place(nil), key: "", reason: "no setting has this name",
            allowed: "\(Self.environmentPrefix) and the setting's path in capitals, _ for dots",
            suggestion: nearest))
        continue
      }
      assign(value, to: path, from: source)
    }
  }

  /// Variables that others put there: service links of Kubernetes for a service called sheepshipper, and our tests'.
  private static func isForeign(_ name: String) -> Bool {
    let rest = name.dropFirst(environmentPrefix.count)
    return rest.hasPrefix("TEST_") || rest == "PROGRAM" || rest == "PORT"
      || rest.hasPrefix("PORT_") || rest.hasSuffix("SERVICE_HOST") || rest.contains("SERVICE_PORT")
      || rest.contains("_PORT_") || rest.hasSuffix("_PORT")
  }

  private mutating func readSetting(_ setting: String) {
    guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
      // The text is not repeated: it may hold a secret.
      problems.append(
        ConfigurationProblem(
          place: "--set", key: "", reason: "it needs a setting, = and a value",
          allowed: "--set ring.size=2GiB"))
      return
    }
    let path = String(setting[..<equals])
    let value = String(setting[setting.index(after: equals)...])
    if ConfigurationKeys.all.key(path)?.isSecret == true, !value.hasPrefix("{"),
      !value.hasPrefix("[")
    {
      warnings.append(
        "--set \(path): every user of this machine can see a secret in the list of processes; "
          + "use {file: PATH} or {env: NAME}.")
    }
    assign(value, to: path, from: .argument("--set \(path)"))
  }

  /// A single text is taken as it is, so that a password may hold `#` and `:`; quotes, and brackets where a list or
  /// a group is possible, make it YAML.
  private mutating func assign(_ text: String, to path: String, from source: SettingSource) {
    let key = ConfigurationKeys.all.key(path)
    let start = YamlPlace(line: 1, column: 1)
    let isYaml =
      text.hasPrefix("\"") || text.hasPrefix("'")
      || ((key?.isStructured ?? true) && (text.hasPrefix("[") || text.hasPrefix("{")))
    guard isYaml else {
      let node = YamlNode(.scalar(text, isPlain: true), at: start)
      return assign(node, to: path, from: source, keyPlace: start)
    }
    do throws(YamlError) {
      let node = try YamlDocument.parse(text) ?? YamlNode(.scalar("", isPlain: true), at: start)
      assign(node, to: path, from: source, keyPlace: start)
    } catch {
      problems.append(
        ConfigurationProblem(
          place: source.place(nil), key: path,
          reason: "column \(error.place?.column ?? 1): "
            + error.reason, allowed: key?.allowed))
    }
  }

  private mutating func assign(
    _ node: YamlNode, to path: String, from source: SettingSource, keyPlace: YamlPlace
  ) {
    var context = ValueContext(source: source, key: path)
    var set: [(String, YamlPlace)] = []
    ConfigurationKeys.all.read(
      node, at: path, keyPlace: keyPlace, into: &configuration, &context
    ) { set.append(($0, $1)) }
    for (path, place) in set { places[path] = source.place(place) }
    problems += context.problems
  }

  private mutating func check() {
    let found = ConfigurationChecks.run(configuration)
    warnings += found.warnings
    problems += found.errors.map { error in
      ConfigurationProblem(
        place: places[error.key] ?? "default", key: error.key, reason: error.reason,
        allowed: error.allowed, suggestion: error.suggestion)
    }
  }
}
