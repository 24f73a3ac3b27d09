import CYaml
import LogPipeline
import Testing

/// What a user deploys can at least be read: YAML by libyaml, the pipeline by its own few rules.
@Suite struct DeploymentFilesTests {
  @Test func `every YAML file of the repository parses`() throws {
    let files = try Repository.paths().filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }
    #expect(files.contains("docker/elk-compose.yml"))
    for path in files {
      let problem = Self.yamlProblem(Array(try Repository.text(path).utf8))
      #expect(problem == nil, "\(path): \(problem ?? "")")
    }
    #expect(Self.yamlProblem(Array("a: [1\nb: 2\n".utf8)) != nil)
  }

  @Test func `the Logstash pipeline has its three parts and closes what it opens`() throws {
    let text = try Repository.text("logstash/pipeline.conf")
    #expect(try Self.sections(ofPipeline: text) == ["input", "filter", "output"])
    for bad in ["input {", "input { } }", "input { a => \"b }\n"] {
      #expect(throws: Unbalanced.self) { try Self.sections(ofPipeline: bad) }
    }
  }

  @Test(arguments: ["docker/elk-compose.yml", "docker/opensearch-compose.yml"])
  func `what the compose file takes from the environment is explained in the example`(path: String)
    throws
  {
    // A doubled $ is one for the shell inside.
    let compose = try Repository.text(path).replacing("$${", with: "")
    let example = try Repository.text("docker/.env.example")
    let names = Set(
      compose.ranges(of: "${").map { start in
        String(compose[start.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      })
    #expect(!names.isEmpty)
    for name in names { #expect(example.contains("\(name)="), "\(name) is not in .env.example") }
  }

  @Test func `what the deployment files set in the environment are settings`() throws {
    let known = Set(ConfigurationKeys.all.keys.map { ConfigurationLoader.variable(for: $0.path) })
    for path in [
      "docker/Dockerfile", "docker/elk-compose.yml", "docker/opensearch-compose.yml",
    ] {
      let text = try Repository.text(path)
      let names = text.ranges(of: "SHEEPSHIPPER_").map { start in
        String(text[start.lowerBound...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" })
      }
      #expect(names.count >= 4)
      for name in names { #expect(known.contains(name), "\(path) sets \(name)") }
    }
  }

  @Test func `the image is built from every folder that the package names`() throws {
    let package = try Repository.text("Package.swift")
    let image = try Repository.text("docker/Dockerfile")
    let context = try Repository.text("docker/Dockerfile.dockerignore").split(separator: "\n")
    let folders = Set(
      package.ranges(of: "path: \"").compactMap { start in
        package[start.upperBound...].prefix { $0 != "\"" }.split(separator: "/").first
      })
    #expect(folders == ["Sources", "Tests", "Simulation"])
    for folder in folders {
      #expect(image.contains("COPY \(folder) \(folder)\n"), "\(folder) is not in the image")
      #expect(context.contains("!\(folder)"), "\(folder) is not sent to the builder")
    }
  }

  @Test func `the health check of the image asks what the admin page has`() throws {
    let admin = try Repository.text("Sources/LogPipeline/Admin/AdminAnswer.swift")
    let image = try Repository.text("docker/Dockerfile")
    let check = try #require(image.firstRange(of: "GET /"))
    let path = image[check.upperBound...].prefix { $0.isLetter }
    #expect(admin.contains("case \"/\(path)\""))
    let port = Configuration().admin.listen?.port
    #expect(image.contains("/dev/tcp/127.0.0.1/\(port ?? 0)"))
  }

  /// libyaml's complaint, nil when the text is YAML.
  private static func yamlProblem(_ bytes: [UInt8]) -> String? {
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) == 1 else { return "no memory" }
    defer { unsafe yaml_parser_delete(&parser) }
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe yaml_parser_set_input_string(&parser, input.baseAddress, input.count)
      while true {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(&parser, &event) == 1 else {
          let line = unsafe parser.problem_mark.line + 1
          return unsafe "line \(line): \(String(cString: parser.problem))"
        }
        defer { unsafe yaml_event_delete(&event) }
        if unsafe event.type == YAML_STREAM_END_EVENT { return nil }
      }
    }
  }

  private struct Unbalanced: Error {}

  /// The names of the outermost blocks, in order.
  private static func sections(ofPipeline text: String) throws -> [String] {
    var names: [String] = []
    var (depth, word, quote) = (0, "", Character?.none)
    var isComment = false
    for character in text {
      if isComment {
        isComment = !character.isNewline
      } else if let open = quote {
        if character == open { quote = nil }
      } else if character == "#" {
        isComment = true
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "{" {
        if depth == 0 { names.append(word) }
        depth += 1
      } else if character == "}" {
        depth -= 1
        guard depth >= 0 else { throw Unbalanced() }
        word = ""
      } else if character.isLetter, depth == 0 {
        word.append(character)
      }
    }
    guard depth == 0, quote == nil else { throw Unbalanced() }
    return names
  }
}
