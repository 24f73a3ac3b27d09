/// Where a setting was made.
package enum SettingSource: Equatable, Sendable {
  case file(String)
  case environment(String)
  /// An argument, as "--set ring.size" or "--name".
  case argument(String)

  /// "conf.yaml:3:14", "environment variable SHEEPSHIPPER_RING_SIZE" or "--set ring.size".
  func place(_ place: YamlPlace?) -> String {
    switch self {
    case .file(let path):
      guard let place else { return path }
      return "\(path):\(place.line):\(place.column)"
    case .environment(let name): return "environment variable \(name)"
    case .argument(let name): return name
    }
  }
}
