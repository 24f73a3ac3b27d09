/// Asks a running agent over its control socket.
package struct ControlClient: Sendable {
  package let path: String
  private let clock: any Clock

  package init(path: String, clock: any Clock = SystemClock()) {
    (self.path, self.clock) = (path, clock)
  }

  /// Sends one request and waits for the whole answer: its lines, without the last one, which says that it is done.
  package func ask(_ request: JsonValue) throws(ControlError) -> [JsonValue] {
    var lines: [JsonValue] = []
    do {
      var connection = try connect()
      try connection.send(
        Array((request.text + "\n").utf8), until: clock.now() + ControlLimits.answerMax)
      let deadline = clock.now() + ControlLimits.answerMax
      while let line = try connection.nextLine(
        limitBytes: ControlLimits.answerBytesMax, until: deadline)
      {
        guard let value = try? JsonValue.parse(line) else { break }
        if let reason = value["error"]?.string { throw ControlError.refused(reason) }
        if value["done"]?.bool == true { return lines }
        lines.append(value)
      }
    } catch let error as ControlError {
      throw error
    } catch {
      throw .broken(path: path, reason: "\(error)")
    }
    throw .broken(path: path, reason: "it closed the connection")
  }

  private func connect() throws(ControlError) -> UnixConnection {
    do throws(SystemError) { return try UnixConnection(connectingTo: path) } catch {
      switch error.code {
      case SystemError.refused, SystemError.noEntry: throw .noAgent(path: path)
      case SystemError.notPermitted: throw .notAllowed(path: path)
      case SystemError.again:
        throw .refused("too many others ask it at this moment; try again")
      default: throw .broken(path: path, reason: error.description)
      }
    }
  }
}
