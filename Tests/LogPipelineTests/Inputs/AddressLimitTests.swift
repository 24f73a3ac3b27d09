import LogPipeline
import Testing

@Suite struct AddressLimitTests {
  @Test func `senders on this machine share an address and are not limited by it`() throws {
    let harness = try IntakeHarness()
    var clients: [LoopbackClient] = []
    for _ in 0..<100 { clients.append(try harness.tcp()) }
    for (index, client) in clients.enumerated() { client.send("{\"n\":\(index)}\n") }
    #expect(eventually { harness.intake.snapshot.accepted == 100 })
    #expect(harness.intake.snapshot.tcpOverAddressLimit == 0)
  }
}
