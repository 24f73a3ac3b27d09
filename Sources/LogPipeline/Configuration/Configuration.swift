/// What the operator can set, with its defaults and units in plain sight.
///
/// The names operators write, what each allows and what it means stand in ``ConfigurationKeys``: one row a setting.
/// A value that came through ``ConfigurationLoader`` has passed every check, also those between two settings.
package struct Configuration: Equatable, Sendable {
  package var agent = Agent()
  package var intake = Intake()
  package var inputs = Inputs()
  /// The first rule whose match fits an event's source decides; without one ``pricing`` does.
  package var sources: [SourceRule] = []
  package var privacy = Privacy()
  package var ring = Ring()
  package var admin = Admin()
  package var pricing = Pricing()
  package var elasticsearch = Elasticsearch()
  package var archive = Archive()
  package var pipe = Pipe()
  package var log = LogSettings()
  package var time = Time()
  package var id = Id()

  package init() {}

  package struct Agent: Equatable, Sendable {
    /// "auto": this machine's name.
    package var id = "auto"
    /// The ring, the archive, dead letters, refused frames and replay's checkpoints lie below it.
    package var stateDirectory = "/var/lib/sheepshipper"
    /// From SIGTERM to the end at the latest.
    package var grace: Duration = .seconds(30)
  }

  package struct Intake: Equatable, Sendable {
    /// Each with listeners of its own on the ports of the inputs.
    package var threads = 1
  }

  package struct Ring: Equatable, Sendable {
    /// The whole file, written once with zeros.
    package var sizeBytes = 1 << 30
    package var whenFull = WhenFull.block
    /// A commit group closes this long after its first event.
    package var groupDelay: Duration = .milliseconds(2)
    /// At least this long between two fdatasyncs.
    package var commitInterval: Duration = .milliseconds(5)
    package var compression = Compression.auto
    /// A ring in memory (tmpfs) is refused unless this is set: it would not keep what it promises.
    package var isVolatileDiskAllowed = false

    /// `auto`: ISA-L where the system has it.
    package enum Compression: String, CaseIterable, Sendable { case auto, zlib, isal }
    package enum WhenFull: String, CaseIterable, Sendable {
      case block
      case dropOldest = "drop_oldest"
    }
  }

  package struct Admin: Equatable, Sendable {
    /// nil: no admin page.
    package var listen: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 9600)
  }

  package struct Pricing: Equatable, Sendable {
    package var book = Book.auto
    package var basis = Basis.split
    /// Price books that replace the built-in ones; nil: the built-in ones.
    package var file: String?

    /// `auto`: the relay's own shape -> holysheep, other shapes -> direct.
    package enum Book: String, CaseIterable, Sendable { case auto, direct, holysheep }
    package enum Basis: String, CaseIterable, Sendable { case split, total, output }
  }

  package struct Privacy: Equatable, Sendable {
    package var content = Content.redact
    package var ip = Ip.truncate
    package var user = User.keep
    /// The HMAC key of content and users; nil: none was given.
    package var key: Secret?

    package enum Content: String, CaseIterable, Sendable { case drop, redact, keep }
    package enum Ip: String, CaseIterable, Sendable { case truncate, keep }
    package enum User: String, CaseIterable, Sendable { case keep, hmac }
  }

  package struct Archive: Equatable, Sendable {
    /// "auto": `archive` below the state directory.
    package var directory = "auto"
    /// Without Elasticsearch the files are written anyway.
    package var isBesideElasticsearch = false
  }

  package struct Pipe: Equatable, Sendable {
    /// The ring's folder: `pipe/NAME` below the state directory.
    package var name = "default"
    package var onFull = OnFull.block
    /// How long `pipe` waits for delivery after its input has ended.
    package var drainTimeout: Duration = .seconds(300)

    package enum OnFull: String, CaseIterable, Sendable {
      case block
      case dropNewest = "drop_newest"
    }
  }

  package struct LogSettings: Equatable, Sendable {
    package var level = Log.Level.info
  }

  package struct Time: Equatable, Sendable {
    /// An event older than this goes to the index of the day it arrived.
    package var pastMax: Duration = .seconds(400 * 86_400)
    /// The same for an event from the future.
    package var futureMax: Duration = .seconds(86_400)
  }

  package struct Id: Equatable, Sendable {
    /// Of the hash behind `_id`; another seed gives the same events other ids.
    package var seed: UInt64 = 0
  }
}

extension Configuration {
  /// Where the daily files lie.
  package var archiveDirectory: String {
    archive.directory == "auto" ? "\(agent.stateDirectory)/archive" : archive.directory
  }
}
