/// `sheepshipper setup`: what the server must know before the first event, by the agent's own settings.
package struct SetupRun {
  private let settings: AgentSettings
  private let choices: SetupChoices

  package init(_ configuration: Configuration, _ choices: SetupChoices) {
    settings = AgentSettings(configuration: configuration)
    self.choices = choices
  }

  /// Does it, or with `isDryRun` only asks and tells.
  /// - Throws: ``AgentError`` or ``DeliveryError`` when the settings can not be used.
  package func run(isDryRun: Bool) throws -> SetupReport {
    let connection = try ServerConnection(settings.elasticsearch())
    let desk = SetupDesk(isDryRun: isDryRun, send: connection.send)
    return ServerSetup(settings.indexTemplate, choices, desk).run(at: connection.host)
  }

  /// What would be sent to a new server of this kind; none is asked.
  package func plan(for product: ServerProduct, called name: String) -> SetupReport {
    let missing = HttpAnswer(
      status: 404, body: Array(#"{"error":{"type":"resource_not_found_exception"}}"#.utf8))
    let desk = SetupDesk(isDryRun: true) { _ in .success(missing) }
    return ServerSetup(settings.indexTemplate, choices, desk).run(as: product, called: name)
  }
}
