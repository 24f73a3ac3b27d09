/// `sheepshipper verify`: what was delivered on a day against what its index holds. An agent may run meanwhile.
package struct VerifyCommand {
  private let configuration: Configuration

  package init(_ configuration: Configuration) { self.configuration = configuration }

  /// - Parameters:
  ///   - day: of the index, days since 1970.
  ///   - told: how many documents were read so far.
  /// - Returns: what the comparison came to.
  /// - Throws: ``AgentError`` when there is nothing to compare, ``IndexReadError``, ``DeliveryError``.
  package func run(day: Int32, told: (UInt64) -> Void = { _ in }) throws -> DayCheckReport {
    let settings = AgentSettings(configuration: configuration)
    guard settings.deliversToElasticsearch else {
      throw AgentError(
        "There is no index to compare with: elasticsearch.hosts is not set.", isConfiguration: true)
    }
    guard !configuration.elasticsearch.isDataStream else {
      throw AgentError(
        "A data stream keeps no index a day, so no day can be compared: verify needs daily indices.",
        isConfiguration: true)
    }
    let index = settings.indexName(day)
    var ids = try IndexIds(settings.elasticsearch())
    let check = DayCheck(
      stateDirectory: configuration.agent.stateDirectory, day: day, index: index)
    do { return try check.run(&ids, told: told) } catch let error as SystemError
      where error.code == SystemError.noEntry
    {
      throw NothingRecorded(
        description: """
          Nothing is recorded as delivered into \(index) in \(configuration.agent.stateDirectory). \
          Records are kept for elasticsearch.delivered_kept after a day's last event; check the \
          day, and that --config names the agent's own configuration.
          """)
    }
  }

  /// The day has no record.
  package struct NothingRecorded: Error, CustomStringConvertible {
    package let description: String
  }
}
