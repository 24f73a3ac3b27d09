import LogPipeline
import Testing

/// Goal: ports, and what a running agent tells of itself, are judged right. Method: what is seen is made up here; the
/// end-to-end tests see the same of real agents.
@Suite struct DoctorAgentTests {
  private static let listen = ListenAddress(host: "127.0.0.1", port: 5044)
  private let door = PortCheck.Door("inputs.tcp.listen", listen)
  private let socket = ListeningSocket(
    address: [127, 0, 0, 1], port: 5044, userId: 998, inode: 42)

  private func agent(_ status: String) throws -> RunningAgent {
    .running(try JsonValue.parse(status))
  }

  // Ports.

  @Test func `a port that is free, our agent's, or somebody else's`() throws {
    #expect(
      PortCheck.judge(door, .init(), .none).title == "127.0.0.1:5044 (inputs.tcp.listen): free")
    let ours = try agent(#"{"process":{"id":7}}"#)
    let holder = OtherProcess(id: 7, name: "sheepshipper")
    let mine = PortCheck.judge(door, .init(socket: socket, holders: [holder]), ours)
    #expect(mine.status == .ok && mine.title.hasSuffix("our running agent's, process 7"))
    let java = OtherProcess(id: 12, name: "java")
    let taken = PortCheck.judge(door, .init(socket: socket, holders: [java]), .none)
    #expect(taken.status == .failed)
    #expect(taken.title == "127.0.0.1:5044 is in use by java (process 12).")
    #expect(taken.commands == ["ps -fp 12"] && taken.consequence.contains("does not start"))
    let hidden = PortCheck.judge(door, .init(socket: socket), .none)
    #expect(hidden.title.contains("a process of user 998, which this user may not look at"))
    #expect(hidden.commands == ["sudo ss -ltnp 'sport = :5044'"])
    #expect(PortCheck.judge(door, .init(socket: socket), ours).status == .skipped)
    #expect(PortCheck.judge(door, .init(socket: socket), .silent("why")).status == .skipped)
    let other = PortCheck.judge(door, .init(socket: socket, holders: [holder]), .none)
    #expect(other.detail.contains("another agent.state_dir"))
  }

  @Test func `a port that the running agent does not have`() throws {
    let found = PortCheck.judge(door, .init(), try agent(#"{"process":{"id":7}}"#))
    #expect(found.status == .warning && found.title.contains("does not listen there"))
  }

  @Test func `a port that is not ours to take`() {
    let low = PortCheck.judge(
      door, .init(refusal: SystemError(code: SystemError.notPermitted, operation: "listen")),
      .none)
    #expect(low.status == .failed && low.remedy.contains("1024"))
    let foreign = PortCheck.judge(
      door, .init(refusal: SystemError(code: SystemError.inUse, operation: "listen")), .none)
    #expect(foreign.status == .failed)
  }

  @Test func `a port of this very process is found by the system's tables`() throws {
    let listener = try TcpListener(listeningOn: "127.0.0.1:0")
    let all = ListeningSocket.all()
    let found = try #require(all.first { $0.port == listener.port })
    #expect(found.address == [127, 0, 0, 1] && found.inode != 0)
    let taken = PortCheck(
      [.init("admin.listen", ListenAddress(host: "127.0.0.1", port: listener.port))], .none
    ).run()
    #expect(taken.map(\.status) == [.failed])
    let any = PortCheck([.init("admin.listen", ListenAddress(host: "::1", port: 0))], .none).run()
    #expect(any.map(\.status) == [.skipped])
  }

  @Test func `the kernel's table is read, and who excludes whom`() {
    let text = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
         0: 0100007F:13B4 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 4711 1 0
         1: 0100007F:13B4 0100007F:9999 01 00000000:00000000 00:00000000 00000000   998        0 4712 1 0
         2: 00000000000000000000000001000000:1F98 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0
         3: 0000000000000000FFFF00000100007F:2580 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4714 1 0
      """
    let found = ListeningSocket.parse(text)
    #expect(found.map(\.port) == [5044, 8088, 9600])
    #expect(found.map(\.inode) == [4711, 4713, 4714])
    #expect(found[0].userId == 998)
    let (v4, v6, mapped) = (found[0], found[1], found[2])
    #expect(v6.address == [UInt8](repeating: 0, count: 15) + [1])
    #expect(v4.excludes([127, 0, 0, 1]) && v4.excludes([0, 0, 0, 0]))
    #expect(!v4.excludes([127, 0, 0, 2]) && mapped.excludes([127, 0, 0, 1]))
    #expect(!v6.excludes([127, 0, 0, 1]))
  }

  // The running agent.

  @Test func `no agent is no fault, one that does not answer neither`() {
    #expect(AgentCheck.judge(.none).map(\.status) == [.skipped])
    #expect(AgentCheck.judge(.silent("why")).map(\.title) == ["why"])
    #expect(UnpricedModelsCheck.judge(.none, models: []).status == .skipped)
    #expect(StrangersCheck.judge(.none, listen: "a", webhook: nil).map(\.status) == [.skipped])
  }

  @Test func `an agent that is well, not ready, stuck, wrong in its sums, or paused`() throws {
    func judge(_ status: String) throws -> [DoctorFinding] { AgentCheck.judge(try agent(status)) }
    let well = try judge(
      #"{"version":"1","process":{"id":7},"ledger":{"waiting":1200},"delivery":{"state":"ok; ok"}}"#
    )
    #expect(well.map(\.title) == ["1 runs (process 7) and takes events; 1,200 events wait"])
    let starting = try judge(#"{"not_ready_because":["starting"]}"#)
    #expect(starting.map(\.status) == [.failed] && starting[0].title.contains("starting"))
    let stuck = try judge(#"{"stuck_threads":[{"name":"commit","busy_seconds":90}]}"#)
    #expect(stuck.first?.title.hasPrefix("commit in it hangs") == true)
    #expect(try judge(#"{"ledger":{"accepted_balanced":false}}"#).map(\.status) == [.failed])
    let paused = try judge(
      #"{"ledger":{"waiting":5},"delivery":{"state":"paused: 401 security_exception; ok"}}"#)
    #expect(paused.map(\.status) == [.failed] && paused[0].detail == "5 events wait.")
    let waiting = try judge(#"{"delivery":{"state":"backing off: refused"}}"#)
    #expect(waiting.map(\.status) == [.warning])
  }

  @Test func `HTTP and Beats at the TCP port are counted and explained`() throws {
    let agent = try agent(#"{"input":{"tcp_strangers_total":{"HTTP":3,"TLS":0,"Beats":1}}}"#)
    let found = StrangersCheck.judge(agent, listen: "127.0.0.1:5044", webhook: "127.0.0.1:8088")
    #expect(
      found.map(\.title) == [
        "3 connections to 127.0.0.1:5044 spoke HTTP, not JSON lines.",
        "1 connection to 127.0.0.1:5044 spoke Beats, not JSON lines.",
      ])
    #expect(found.map(\.status) == [.warning, .warning])
    #expect(found[0].commands.first?.contains("http://127.0.0.1:8088/v1/events") == true)
    #expect(found[1].remedy.contains("inputs.follow.paths"))
  }

  @Test func `events of models without a price are counted, and the index names them`() throws {
    let agent = try agent(#"{"events":{"cost_status_total":{"priced":9,"unpriced":4}}}"#)
    let search = "POST /holysheep-logs-*/_search?ignore_unavailable=true"
    let script = ServerScript([
      search: (200, #"{"aggregations":{"models":{"buckets":[{"key":"new-model","doc_count":4}]}}}"#)
    ])
    let server = DoctorServer(
      IndexTemplate(indexPattern: "holysheep-logs-*", fields: []), index: "i", place: "es",
      send: script.send)
    let found = try #require(UnpricedModelsCheck(agent, server).run().first)
    #expect(found.status == .warning && found.detail == "In the last day: new-model.")
    #expect(found.consequence.contains("too small"))
    #expect(found.commands.first == "sheepshipper prices show new-model")
    let unnamed = UnpricedModelsCheck.judge(agent, models: [])
    #expect(unnamed.commands.first == "sheepshipper tap --filter cost.status=unpriced")
    let priced = try self.agent(#"{"events":{"cost_status_total":{"priced":9}}}"#)
    let well = UnpricedModelsCheck.judge(priced, models: [])
    #expect(well.status == .ok && well.title.hasSuffix("9 with one"))
  }
}
