import LogPipeline
import Testing

/// Goal: the containers start with what the program takes, publish nothing to the network, and give the agent no more rights
/// than it needs. Method: the files by their lines, against the program's own tables. No Docker engine is asked.
@Suite struct ComposeFilesTests {
  private static let files = ["docker/elk-compose.yml", "docker/opensearch-compose.yml"]

  @Test(arguments: files)
  func `every service is there, and the one-shot ones come before those that need them`(
    path: String
  )
    throws
  {
    let file = try ComposeFile(path)
    let isElastic = path.contains("elk")
    #expect(
      file.services == [
        "certificates", isElastic ? "elasticsearch" : "opensearch", "accounts", "setup",
        isElastic ? "kibana" : "opensearch-dashboards", "dashboards", "sheepshipper", "relay",
      ] + (isElastic ? ["logstash"] : []))
    for (service, before) in [
      ("accounts", "service_healthy"), ("setup", "service_completed_successfully"),
      ("sheepshipper", "service_completed_successfully"), ("relay", "service_healthy"),
    ] {
      #expect(file.service(service).contains("        condition: \(before)"), "\(service)")
    }
  }

  @Test(arguments: files)
  func `what the agent and setup find in their environment is a configuration`(path: String) throws
  {
    let file = try ComposeFile(path)
    for service in ["setup", "sheepshipper"] {
      let environment = file.environment(of: service)
      let loaded = try ConfigurationLoader.load(
        file: nil, environment: environment.filter { $0.key.hasPrefix("SHEEPSHIPPER_") })
      #expect(loaded.warnings.isEmpty, "\(loaded.warnings)")
      let server = loaded.configuration.elasticsearch
      #expect(server.hosts.count == 1 && server.tls.caFile == "/certs/ca.crt")
      // Each secret is read from a variable that the service has.
      for value in environment.values where value.contains("{env: ") {
        let name = value.split(separator: "{env: ")[value.hasPrefix("[") ? 1 : 0].prefix {
          $0 != "}"
        }
        #expect(environment[String(name)] != nil, "\(service): \(name)")
      }
      #expect(server.installsTemplate == (service == "setup"))
      #expect((server.retention != nil) == (service == "setup"))
    }
  }

  @Test(arguments: files)
  func `ports are published on loopback alone, and the agent's are those it listens on`(
    path: String
  )
    throws
  {
    let file = try ComposeFile(path)
    for service in file.services {
      for port in file.ports(of: service) {
        #expect(port.outside.hasPrefix("127.0.0.1:"), "\(service) publishes \(port)")
      }
    }
    let inside = file.ports(of: "sheepshipper").map(\.inside)
    let settings = Configuration()
    let own = [settings.inputs.tcp.listen, settings.inputs.webhook.listen, settings.admin.listen]
    #expect(inside == own.map { "\($0?.port ?? 0)" })
    #expect(file.ports(of: "sheepshipper").map(\.outside) == inside.map { "127.0.0.1:\($0)" })
  }

  @Test(arguments: files)
  func `the agent's containers may do nothing but run`(path: String) throws {
    let text = try Repository.text(path)
    let agent = ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"]
    for line in agent { #expect(text.contains(line)) }
    let file = try ComposeFile(path)
    for service in ["setup", "sheepshipper", "relay"] {
      #expect(file.service(service).contains("    <<: *agent"), "\(service)")
    }
  }

  @Test(arguments: files)
  func `the agent's role is the one that setup prints`(path: String) throws {
    let roles = AccessRoles(AgentSettings(configuration: Configuration()).indexTemplate)
    let role = path.contains("elk") ? roles.agent : roles.openSearchAgent
    let accounts = try ComposeFile(path).service("accounts")
    let line = try #require(
      accounts.first { $0.contains("role/sheepshipper ") || $0.contains("roles/sheepshipper ") })
    let body = try #require(line.split(separator: "'").last)
    #expect(try JsonValue.parse(String(body)) == role)
  }
}
