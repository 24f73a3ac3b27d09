/// Whether each port that the agent listens on is its own, or free for it; and else, whose.
package struct PortCheck: DoctorCheck {
  package static let name = "port"

  /// A port the agent is to listen on.
  package struct Door: Equatable {
    package let setting: String
    package let listen: ListenAddress

    package init(_ setting: String, _ listen: ListenAddress) {
      (self.setting, self.listen) = (setting, listen)
    }
  }

  /// What was seen of it.
  package struct Seen {
    /// Somebody listens there; nil: nobody.
    package var socket: ListeningSocket?
    /// Who has it, as far as this user may know.
    package var holders: [OtherProcess] = []
    /// Of a port that nobody has: why it can not be taken; nil: it can.
    package var refusal: SystemError?

    package init(
      socket: ListeningSocket? = nil, holders: [OtherProcess] = [], refusal: SystemError? = nil
    ) {
      (self.socket, self.holders, self.refusal) = (socket, holders, refusal)
    }
  }

  private let doors: [Door]
  private let agent: RunningAgent

  package init(_ doors: [Door], _ agent: RunningAgent) { (self.doors, self.agent) = (doors, agent) }

  package func run() -> [DoctorFinding] {
    let sockets = ListeningSocket.all()
    return doors.map { door in
      guard door.listen.port != 0 else {
        return .skipped(Self.name, "\(door.setting): any free port")
      }
      return Self.judge(door, look(at: door, among: sockets), agent)
    }
  }

  private func look(at door: Door, among sockets: [ListeningSocket]) -> Seen {
    let addresses =
      (try? NetworkProbe.addresses(of: door.listen.host, within: DoctorLimits.reach)) ?? []
    let wanted = addresses.map(NetworkProbe.bytes)
    let found = sockets.first { socket in
      socket.port == door.listen.port && wanted.contains { socket.excludes($0) }
    }
    if let found {
      return Seen(socket: found, holders: OtherProcess.holders(ofSocket: found.inode))
    }
    do throws(SystemError) {
      // Let go at once; nobody has noticed.
      _ = try TcpListener(listeningOn: door.listen.description)
      return Seen()
    } catch { return Seen(refusal: error) }
  }

  package static func judge(_ door: Door, _ seen: Seen, _ agent: RunningAgent) -> DoctorFinding {
    let place = "\(door.listen) (\(door.setting))"
    if let socket = seen.socket {
      if let mine = seen.holders.first(where: { $0.id == agent.processId }) {
        return .ok(name, "\(place): our running agent's, process \(mine.id)")
      }
      if seen.holders.isEmpty, case .silent = agent {
        return .skipped(
          name, "\(place): user \(socket.userId) listens there; run doctor as that user or root")
      }
      if seen.holders.isEmpty, agent.status != nil {
        return .skipped(
          name,
          "\(place): user \(socket.userId) listens there, most likely the running agent; root can tell"
        )
      }
      return taken(door, socket, seen.holders, agent)
    }
    if let refusal = seen.refusal { return refused(door, refusal) }
    if agent.status != nil {
      return .warning(
        name, "\(place): the running agent does not listen there.",
        meanwhile: "Senders to that address are refused; they keep what they have, by their own "
          + "rules.",
        remedy: "It was started with other settings, or before they were changed: start it again.",
        type: ["systemctl restart sheepshipper"])
    }
    return .ok(name, "\(place): free")
  }

  private static func taken(
    _ door: Door, _ socket: ListeningSocket, _ holders: [OtherProcess], _ agent: RunningAgent
  ) -> DoctorFinding {
    let names = holders.map(\.description).joined(separator: " and ")
    let who =
      holders.isEmpty
      ? "a process of user \(socket.userId), which this user may not look at" : names
    let isOurs = holders.contains { $0.name.hasPrefix("sheepshipper") }
    return .failed(
      name, "\(door.listen) is in use by \(who).",
      isOurs
        ? "That is an agent with another agent.state_dir, or one that has no control socket." : "",
      meanwhile: agent.status == nil
        ? DoctorWords.notStarted
        : "The running agent does not have that port: its senders reach somebody else.",
      remedy: "Stop that one, or give \(door.setting) another port.",
      type: holders.isEmpty
        ? ["sudo ss -ltnp 'sport = :\(door.listen.port)'"]
        : holders.map { "ps -fp \($0.id)" })
  }

  private static func refused(_ door: Door, _ refusal: SystemError) -> DoctorFinding {
    let isLow = refusal.code == SystemError.notPermitted
    return .failed(
      name,
      "\(door.listen) (\(door.setting)) can not be listened on: \(SystemError.text(of: refusal.code)).",
      meanwhile: DoctorWords.notStarted,
      remedy: isLow
        ? "Ports below 1024 are root's: use a higher one, or give the agent CAP_NET_BIND_SERVICE."
        : "Is that an address of this machine? 127.0.0.1 takes senders of this machine alone, "
          + "0.0.0.0 of all networks.", type: isLow ? [] : ["ip -brief address"])
  }
}
