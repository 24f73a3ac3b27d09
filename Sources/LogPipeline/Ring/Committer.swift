/// The commit thread: fdatasync and nothing else. It waits until asked, and answers how it went and how long it took.
final class Committer: Sendable {
  private let requests = Mailbox<Bool>(capacity: 1)
  private let disk: any Disk
  private let clock: any Clock
  private let answer: @Sendable (SystemError?, Duration) -> Void
  let pulse = ThreadPulse(name: "commit")

  init(
    disk: any Disk, clock: any Clock,
    answer: @escaping @Sendable (SystemError?, Duration) -> Void
  ) {
    self.disk = disk
    self.clock = clock
    self.answer = answer
  }

  /// One at a time: the ring thread asks again only after the answer.
  func request() { requests.force(true) }

  func stop() { requests.close() }

  func run() {
    while requests.take() != nil {
      let began = clock.now()
      pulse.begin(at: began)
      var failure: SystemError?
      do throws(SystemError) { try disk.syncData() } catch { failure = error }
      pulse.end()
      answer(failure, clock.now().since(began))
    }
  }
}
