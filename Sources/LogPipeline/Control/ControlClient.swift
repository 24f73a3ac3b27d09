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

  /// Sends one request and hands over each line of what the agent goes on telling, until `take` answers false, the
  /// stop is asked for, or the agent ends it.
  ///
  /// - Parameters:
  ///   - request: names the stream.
  ///   - isStopAsked: looked at between lines, and a few times a second.
  ///   - isListening: called once, when somebody is there and has the request.
  ///   - take: gets each line without its end.
  /// - Throws: ``ControlError`` when nobody is there, the agent refuses, or it ends in the middle.
  package func listen(
    _ request: JsonValue, isStopAsked: () -> Bool = { false }, isListening: () -> Void = {},
    _ take: ([UInt8]) -> Bool
  ) throws(ControlError) {
    do {
      var connection = try connect()
      try connection.send(
        Array((request.text + "\n").utf8), until: clock.now() + ControlLimits.transferMax)
      isListening()
      while true {
        if isStopAsked() { return }
        let line: [UInt8]?
        do throws(SystemError) {
          line = try connection.nextLine(
            limitBytes: ControlLimits.answerBytesMax, until: clock.now() + .milliseconds(200))
        } catch {
          guard error.code == SystemError.timedOut else { throw error }
          continue
        }
        guard let line else { break }
        if line.starts(with: Self.errorStart),
          let reason = try? JsonValue.parse(line)["error"]?.string
        {
          throw ControlError.refused(reason)
        }
        if line == Self.end { return }
        guard take(line) else { return }
      }
    } catch let error as ControlError {
      throw error
    } catch {
      throw .broken(path: path, reason: "\(error)")
    }
    throw .broken(path: path, reason: "it closed the connection")
  }

  private static let errorStart = Array("{\"error\":".utf8)
  private static let end = Array("{\"done\":true}".utf8)

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
