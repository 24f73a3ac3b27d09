import LogPipeline
import Testing

/// Runs a delivery to its end; one that does not end in time is stopped and recorded, so that a fault can not hang the tests.
enum DeliveryRun {
  static func finish(_ delivery: Delivery, within limit: Duration = .seconds(15)) throws {
    try delivery.start()
    let clock = SystemClock()
    let deadline = clock.now() + limit
    while !delivery.hasFinished, clock.now() < deadline { PosixThread.sleep(.milliseconds(2)) }
    #expect(delivery.hasFinished, "delivery did not end: \(delivery.snapshot)")
    delivery.stop(until: clock.now())
  }
}
