import LogPipeline
import TestSupport
import Testing

/// Goal: a change of the configuration is told setting by setting, without secrets, and a changed file is noticed once.
@Suite struct ConfigurationChangeTests {
  private func load(_ settings: String...) throws -> Configuration {
    try ConfigurationLoader.load(file: nil, settings: settings).configuration
  }

  @Test func `each difference is told with its old and new value`() throws {
    let changes = ConfigurationChange.all(
      from: try load("ring.size=1GiB"),
      to: try load("ring.size=2GiB", "log.level=debug", "pricing.file=/p.json"))
    #expect(
      changes.map { "\($0.path) \($0.old) \($0.new) \($0.isLive)" }.sorted() == [
        "log.level info debug true", "pricing.file not set /p.json true",
        "ring.size 1GiB 2GiB false",
      ])
    #expect(ConfigurationChange.all(from: try load(), to: try load()).isEmpty)
  }

  @Test func `a secret that became another is told, and neither is shown`() throws {
    let changes = ConfigurationChange.all(
      from: try load("elasticsearch.api_key={value: hunter1}"),
      to: try load("elasticsearch.api_key={value: hunter2}"))
    #expect(changes.map(\.path) == ["elasticsearch.api_key"])
    #expect(!"\(changes)".contains("hunter"))
  }

  /// Else they would be hashed with one key until the restart and with another from then on.
  @Test func `users are hashed from the next start on when the key changes with it`() throws {
    let key = "privacy.key={value: 0123456789abcdef0123456789abcdef}"
    let hashed = try load("privacy.user=hmac", key)
    #expect(ConfigurationChange.all(from: try load(key), to: hashed).map(\.isLive) == [true])
    let both = ConfigurationChange.all(from: try load(), to: hashed)
    #expect(both.map { "\($0.path) \($0.isLive)" } == ["privacy.user false", "privacy.key false"])
  }

  @Test func `a changed file is noticed once, when it has stayed so for a look`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/conf.yaml"
    try FileSystem.replace(path, with: Array("a".utf8))
    var watch = FileWatch(path)
    var seen = [watch.hasChanged()]
    try FileSystem.replace(path, with: Array("bb".utf8))
    for _ in 0..<3 { seen.append(watch.hasChanged()) }
    #expect(seen == [false, false, true, false])
    try FileSystem.remove(path)
    seen = [watch.hasChanged(), watch.hasChanged()]
    try FileSystem.replace(path, with: Array("ccc".utf8))
    for _ in 0..<2 { seen.append(watch.hasChanged()) }
    #expect(seen == [false, false, false, true])
  }
}
