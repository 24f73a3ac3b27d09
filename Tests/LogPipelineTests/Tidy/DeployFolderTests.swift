import LogPipeline
import Testing

/// Goal: what deploy/ tells systemd, Debian and Kubernetes about the program is true. Method: the files against the program's
/// own defaults, and systemd-analyze where there is one. No cluster and no systemd is started.
@Suite struct DeployFolderTests {
  private static let analyze = "/usr/bin/systemd-analyze"
  private static let dpkg = "/usr/bin/dpkg-deb"

  private func unit() throws -> [String: String] {
    let lines = try Repository.text("deploy/systemd/sheepshipper.service").split(separator: "\n")
    return Dictionary(
      lines.compactMap { line in
        guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { return nil }
        return (String(line[..<equals]), String(line[line.index(after: equals)...]))
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test(arguments: ["deploy/systemd/sheepshipper.yaml", "deploy/kubernetes/sheepshipper.yaml"])
  func `the configurations are without a fault`(path: String) throws {
    let loaded = try ConfigurationLoader.load(file: "\(Repository.root)/\(path)")
    // In a pod kubelet has to reach it; networkpolicy.yaml says who else may.
    let known = ["admin.listen is 0.0.0.0:9600: whoever reaches it can read the metrics."]
    #expect(loaded.warnings == (path.contains("kubernetes") ? known : []))
    #expect(loaded.configuration.agent.stateDirectory == "/var/lib/sheepshipper")
  }

  @Test func `the example in the unit's configuration is a configuration, too`() throws {
    let text = try Repository.text("deploy/systemd/sheepshipper.yaml")
    let lines = text.split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "# elasticsearch:"))
    let example = lines[start...].map { $0.dropFirst(2) }.joined(separator: "\n")
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "deploy-")
    defer { try? FileSystem.removeDirectory(folder) }
    try FileSystem.replace("\(folder)/example.yaml", with: Array("\(example)\n".utf8))
    defer { try? FileSystem.remove("\(folder)/example.yaml") }
    let server = try ConfigurationLoader.load(file: "\(folder)/example.yaml").configuration
      .elasticsearch
    #expect(server.hosts.count == 1)
    let credential = try #require(try unit()["LoadCredential"]).split(separator: ":")
    #expect(
      server.apiKey
        == Secret(.file("/run/credentials/sheepshipper.service/\(credential[0])_elasticsearch")))
  }

  @Test func `the unit gives the agent its time and does not restart what is set up wrongly`()
    throws
  {
    let unit = try unit()
    #expect(unit["Type"] == "notify")
    let grace = Configuration().agent.grace
    let stop = try #require(unit["TimeoutStopSec"].flatMap { Double($0.dropLast()) })
    #expect(Duration.seconds(stop) > grace)
    #expect(unit["RestartPreventExitStatus"] == "64 78")
    #expect(unit["StateDirectory"] == "sheepshipper")
    let conffile = try Repository.text("deploy/debian/conffiles").split(separator: "\n")[0]
    #expect(unit["ExecStart"] == "/usr/bin/sheepshipper run --config \(conffile)")
  }

  @Test(.enabled(if: FileSystem.exists(analyze), "there is no /usr/bin/systemd-analyze"))
  func `systemd judges the unit's exposure to be below 2`() throws {
    let child = try ChildProcess(
      Self.analyze,
      [
        "security", "--offline=true", "--no-pager", "--threshold=19",
        "\(Repository.root)/deploy/systemd/sheepshipper.service",
      ])
    let ending = child.wait(until: SystemClock().now() + .seconds(60))
    #expect(ending == .exited(0), "\(child.outputText.suffix(200))\(child.errorText)")
  }

  @Test func `the sidecar is asked what the admin page answers, and has the time it needs`() throws
  {
    let text = try Repository.text("deploy/kubernetes/relay.yaml")
    let admin = try Repository.text("Sources/LogPipeline/Admin/AdminAnswer.swift")
    for path in ["/readyz", "/healthz"] {
      #expect(text.contains("httpGet: {path: \(path), port: admin}"))
      #expect(admin.contains("case \"\(path)\""))
    }
    let start = try #require(text.firstRange(of: "terminationGracePeriodSeconds: "))
    let seconds = Int(text[start.upperBound...].prefix { $0.isNumber }) ?? 0
    #expect(Duration.seconds(seconds) >= Configuration().agent.grace * 2)
    #expect(text.contains("          restartPolicy: Always\n"))
    for line in ["readOnlyRootFilesystem: true", "capabilities: {drop: [ALL]}"] {
      #expect(text.ranges(of: line).count == 2)
    }
    let image = try Repository.text("docker/Dockerfile")
    let start2 = try #require(text.firstRange(of: "runAsUser: "))
    let user = text[start2.upperBound...].prefix { $0.isNumber }
    #expect(image.contains("USER \(user)\n") && text.contains("fsGroup: \(user)\n"))
    // Each file that the kustomization names is there.
    let names = try Repository.text("deploy/kubernetes/kustomization.yaml").split(separator: "\n")
      .filter { $0.hasSuffix(".yaml") && $0.contains("- ") }
    #expect(names.count == 6)
    for name in names {
      let file = name.split(separator: "- ").last ?? ""
      #expect(FileSystem.exists("\(Repository.root)/deploy/kubernetes/\(file)"), "\(file)")
    }
  }

  @Test func `what the deployment files set in the environment are settings`() throws {
    let known = Set(ConfigurationKeys.all.keys.map { ConfigurationLoader.variable(for: $0.path) })
    let text = try Repository.text("deploy/kubernetes/relay.yaml")
    let names = text.ranges(of: "SHEEPSHIPPER_").map { start in
      String(text[start.lowerBound...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" })
    }
    #expect(names.count == 3)
    for name in names { #expect(known.contains(name), "\(name)") }
  }
}
