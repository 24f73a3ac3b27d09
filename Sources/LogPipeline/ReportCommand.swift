/// `sheepshipper report`: sums that the index makes. No agent is started, and none is asked.
package struct ReportCommand {
  private let configuration: Configuration

  package init(_ configuration: Configuration) { self.configuration = configuration }

  /// - Throws: ``AgentError`` when no server is configured, ``IndexReadError``, ``DeliveryError``.
  package func run(_ kind: ReportKind) throws -> Report {
    let settings = AgentSettings(configuration: configuration)
    guard settings.deliversToElasticsearch else {
      throw AgentError(
        "There is no index to read: set elasticsearch.hosts, or name a server with --server.",
        isConfiguration: true)
    }
    let connection = try ServerConnection(settings.elasticsearch())
    return try ReportReader(
      indexPattern: configuration.elasticsearch.indexPattern, send: connection.send
    ).read(kind)
  }
}
